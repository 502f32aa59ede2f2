"""A tiny mail server on loopback that keeps what it is given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 sink")
        for raw in self.rfile:
            word = raw.decode("utf-8", "replace").strip()
            verb = word[:4].upper()
            if verb == "DATA":
                self._say("354 go on")
                lines = []
                for line in self.rfile:
                    if line in (b".\r\n", b".\n"):
                        break
                    lines.append(line)
                self.server.mails.append(b"".join(lines))
                self._say("250 taken")
            elif verb == "RCPT" and any(name in word for name in self.server.refused):
                self._say("550 no such person")
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")
        return None

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    """Mails in `mails`; recipients whose address contains a word of `refused` are turned away."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: list[bytes] = []
        self.refused: set[str] = set()


@contextmanager
def mail_sink() -> Iterator[Sink]:
    """Run a sink for the length of a test."""
    with Sink() as sink:
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        try:
            yield sink
        finally:
            sink.shutdown()
