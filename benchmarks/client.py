"""A small HTTP client with cookies and one kept-alive connection: cheap enough not to be what is measured."""

import http.client
import re
import urllib.parse
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


Fields = dict[str, Any]  # texts; a list of bytes is a field of pictures
BOUNDARY = "portal-bench-1f0c"


def encode(fields: Fields) -> tuple[str, bytes]:
    """Content type and body: a form without pictures is sent as browsers send it, short."""
    if not any(isinstance(value, list) for value in fields.values()):
        return "application/x-www-form-urlencoded", urllib.parse.urlencode(fields).encode()
    parts: list[bytes] = []
    for name, value in fields.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, list):
            for number, raw in enumerate(value):
                file = f'{head}; filename="IMG_{number}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
                parts += [file.encode(), raw, b"\r\n"]
        else:
            parts.append(f"{head}\r\n\r\n{value}\r\n".encode())
    parts.append(f"--{BOUNDARY}--\r\n".encode())
    return f"multipart/form-data; boundary={BOUNDARY}", b"".join(parts)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def queries(self) -> int:
        return int(self.headers.get("x-queries", 0))


@dataclass
class Client:
    """One visitor. `get` and `post` do not follow redirects."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _link: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, fields: "Fields", *, form_at: str = "") -> Answer:
        """Post a form; its CSRF token is the cookie's, so that only the post itself is measured. Who has no
        cookie yet asks for the page at `form_at` (default: the same path) first."""
        token = self.cookies.get("csrftoken") or self.token(form_at or path)
        return self.request("POST", path, {"csrfmiddlewaretoken": token, **fields})

    def token(self, path: str) -> str:
        found = TOKEN.search(self.get(path).body)
        return found.group(1).decode() if found else ""

    def request(self, method: str, path: str, fields: "Fields | None" = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body: bytes | None = None
        if fields is not None:
            headers["Content-Type"], body = encode(fields)
        try:
            return self._send(method, path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._link = None  # the server closed the kept-alive connection
            return self._send(method, path, body, headers)

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self._link is None:
            self._link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self._link.request(method, urllib.parse.quote(path, safe="/?&=%:,+-_.~"), body, headers)
        answer = self._link.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)

    def twin(self) -> "Client":
        """The same visitor on another connection."""
        return Client(self.port, dict(self.cookies))

    def sign_in(self, username: str, password: str) -> None:
        """Through the form, like a person; raises when the site says no."""
        answer = self.post("/accounts/login/", {"username": username, "password": password})
        if answer.status != http.client.FOUND:
            raise RuntimeError(f"sign-in of {username} answered {answer.status}")
