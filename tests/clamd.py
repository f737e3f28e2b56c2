"""clamd for tests: a small server that speaks its INSTREAM, and the real one where the machine has it."""

import shutil
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import end, until

# In two halves, or an antivirus would take this very file away.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
# What the small server answers as clamd does to a file it was told not to take.
TOO_LONG = b"too long for this clamd"
REAL = shutil.which("clamd")
CONFIGURATION = """\
Foreground yes
DatabaseDirectory {folder}
LocalSocket {folder}/clamd.sock
User root
StreamMaxLength 1M
"""


class _Speaking(socketserver.StreamRequestHandler):
    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            return
        whole = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            whole += self.rfile.read(length)
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in whole else b"stream: OK\0"
        if TOO_LONG in whole:
            found = b"INSTREAM size limit exceeded. ERROR\0"
        answer = self.server.says if self.server.says is not None else found
        if answer == b"silence":
            self.server.until.wait(5)
        else:
            self.wfile.write(answer)


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def small_clamd(folder: Path, *, says: bytes | None = None, tcp: bool = False) -> Iterator[str]:
    """Run the small server; yields what ANTIVIRUS_SOCKET is to be. It `says` always the same, or what it finds."""
    server = _Tcp(("127.0.0.1", 0), _Speaking) if tcp else _Unix(str(folder / "small.sock"), _Speaking)
    server.says, server.until = says, threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}" if tcp else server.server_address
    finally:
        server.until.set()
        server.shutdown()
        server.server_close()
        thread.join()
        (folder / "small.sock").unlink(missing_ok=True)


@contextmanager
def real_clamd(folder: Path) -> Iterator[str]:
    """Run the machine's clamd with one signature, that of EICAR; yields what ANTIVIRUS_SOCKET is to be."""
    (folder / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder))
    with (folder / "clamd.log").open("wb") as log:
        clamd = subprocess.Popen([REAL, "-c", folder / "clamd.conf"], stdout=log, stderr=log, start_new_session=True)
    try:
        until(lambda: (folder / "clamd.sock").exists() or clamd.poll() is not None)
        assert clamd.poll() is None, (folder / "clamd.log").read_text()
        yield str(folder / "clamd.sock")
    finally:
        end(clamd)
