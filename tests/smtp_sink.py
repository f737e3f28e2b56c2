"""A mail server for tests on a real socket: it takes every mail, or refuses one address, and can go away."""

import socketserver
import threading
from email import message_from_bytes, policy


class _Session(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(part.removeprefix(b".") if part.startswith(b"..") else part)
                self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
                self.say("250 taken")
            elif word == "RCPT" and self.server.refused and self.server.refused in line:
                self.say("550 no such person")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 sink")


class Sink(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine; `mails` are the messages it took, in order."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, refused: str = "", port: int = 0):
        super().__init__(("127.0.0.1", port), _Session)
        self.mails, self.refused = [], refused

    @property
    def port(self) -> int:
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return super().__enter__()

    def __exit__(self, *args):
        self.shutdown()
        super().__exit__(*args)
