"""The nginx of this machine, with deploy/nginx/portal.conf as it is but for where it listens."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from tests.servers.processes import ROOT, end, until
from tests.servers.valkey import free_port

PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
NAME = "lamtheobac.example.vn"
AROUND = """\
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    """A running nginx; ask it by its name over TLS, or plainly."""

    folder: Path
    plain: int
    secure: int

    def connect(self) -> "Secure":
        connection = Secure(NAME, self.secure, timeout=60)
        connection.trusted = self.folder / "certificate.pem"
        return connection

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> HTTPResponse:
        """Return the answer over TLS, read as `.text`."""
        connection = self.connect()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body, given)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        connection.close()
        return answer

    @property
    def log(self) -> str:
        return (self.folder / "access.log").read_text()


class Secure(HTTPConnection):
    """A connection to this machine that trusts one certificate and asks for the name on it."""

    trusted: Path

    def connect(self):
        context = ssl.create_default_context(cafile=self.trusted)
        self.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), self.timeout), server_hostname=self.host
        )


def configuration(web: str, folder: Path, *, plain: int, secure: int) -> Path:
    """Write what nginx is to do before a web process at host:port, with a certificate made here; returns the file."""
    text = (ROOT / "deploy/nginx/portal.conf").read_text()
    for written, here in {
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen 443": f"listen 127.0.0.1:{secure}",
        "server 127.0.0.1:8000": f"server {web}",
        "/etc/ssl/portal/fullchain.pem": f"{folder}/certificate.pem",
        "/etc/ssl/portal/privkey.pem": f"{folder}/key.pem",
        "/var/log/nginx/portal.log": f"{folder}/access.log",
        "/opt/portal/": f"{ROOT}/",
        # The test asks from the address that may.
        "allow 127.0.0.1": "deny 127.0.0.1",
    }.items():
        assert written in text, f"deploy/nginx/portal.conf has no {written}"
        text = text.replace(written, here)
    # Some machines have no IPv6.
    kept = [line for line in text.splitlines() if "listen [::]" not in line]
    (folder / "portal.conf").write_text("\n".join(kept))
    certificate = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME} -addext subjectAltName=DNS:{NAME}"
    )
    made = [*certificate.split(), "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    subprocess.run(made, check=True, capture_output=True)
    whole = folder / "nginx.conf"
    whole.write_text(AROUND.format(folder=folder, user="user root;" if os.geteuid() == 0 else ""))
    return whole


@contextmanager
def nginx(web: str, folder: Path) -> Iterator[Nginx]:
    """Run nginx before a web process at host:port until the block ends, its files in a fresh folder."""
    folder.mkdir()
    running = Nginx(folder, free_port(), free_port())
    file = configuration(web, folder, plain=running.plain, secure=running.secure)
    process = subprocess.Popen([PROGRAM, "-c", file, "-e", folder / "error.log", "-g", "daemon off;"])
    try:
        until(lambda: _listens(running.secure) or process.poll() is not None)
        assert process.poll() is None, (folder / "error.log").read_text()
        yield running
    finally:
        end(process)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    time.sleep(0.05)
    return False
