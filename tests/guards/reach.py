"""Everything the site answers to one person: every address the URL conf knows, filled in with every key of one thing,
and every answer opened – headers, redirects, archives, spreadsheets, documents – and searched for planted words."""

import base64
import io
import itertools
import json
import re
import zipfile
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, unquote_to_bytes

from django.db import transaction
from django.test import Client, override_settings
from pypdf import PdfReader

from portal.access.permissions import Perm
from portal.reviews.judging.views.media import CLIPS, PICTURES
from tests.guards.test_access import ALL, SAMPLES, rule

Keys = Mapping[str, Sequence[str]]
# Steps of things: `<slug:name>` and the choices that regular expressions list.
STEPS = (
    "check", "accept", "return", "reject", "assign", "open", "close", "decide", "confirm", "announce", "strike", "submit",
    "remove",
)  # fmt: skip
# Where works, their families, judges, files and messages are dealt with.
NEAR = (
    "works/", "me/", "letters/", "judge/", "files/", "drafts/", "staff/works/", "staff/cards/", "staff/judging/",
    "staff/exhibition/", "staff/publication/", "staff/drafts/", "staff/jobs/", "staff/lists/", "staff/messages/", "ops/",
)  # fmt: skip
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>((?:\[[^\]]*\]|[^()])*)\)")


# -- addresses ---------------------------------------------------------------------------------------


def addresses(
    keys: Keys,
    steps: Sequence[str] = STEPS[:1],
    *,
    held: Container[Perm] | None = None,
    near: Sequence[str] = ("",),
) -> list[str]:
    """Every address with every key in every place where one of its kind may stand.

    `held`: without those that the gate refuses to whoever holds only these permissions (`test_access` proves that it
    does). `near`: elsewhere only the first key of each kind is tried."""
    first, found = {kind: some[:1] for kind, some in keys.items()}, set()
    for route, pattern, space in ALL:
        known = rule(pattern, space)
        refused = held is not None and known is not None and known.kind == "allow"
        if route.startswith("accounts/logout") or (refused and not any(perm in held for perm in known.perms)):
            continue
        plain = route.removeprefix("^")
        found |= {
            f"/{made}" for made in _filled(route, keys if plain.startswith(tuple(near)) else first, steps)
        }
    return sorted(found)


def _filled(route: str, keys: Keys, steps: Sequence[str]) -> Iterator[str]:
    plain = GROUP.sub(lambda match: f"<{match[1]}>", route).replace("^", "").rstrip("$")
    choices = {match[1]: match[2] for match in GROUP.finditer(route)}
    parts = PART.split(plain)  # text, converter, name, text, …
    options: list[Sequence[str]] = [[parts[0]]]
    for at in range(1, len(parts), 3):
        converter, name, text = parts[at], parts[at + 1], parts[at + 2]
        options.append(_options(converter, name, choices.get(name, ""), keys, steps))
        options.append([text])
    for made in itertools.product(*options):
        yield "".join(made)


def _options(
    converter: str | None, name: str, choices: str, keys: Keys, steps: Sequence[str]
) -> Sequence[str]:
    if re.fullmatch(r"[\w|]+", choices):
        return choices.split("|")
    if name in {"name", "what", "kind"} and converter in {"slug", None}:
        return [*steps, PICTURES, CLIPS] if name == "kind" else steps
    kind = (
        {"pk": "int", "public_id": "uuid", "no": "str"}.get(name, "str") if converter is None else converter
    )
    return keys.get(kind) or [SAMPLES.get(kind, "no-such-thing")]


# -- answers -----------------------------------------------------------------------------------------


def opened(response: Any) -> list[bytes]:
    """The answer and whatever is packed into it."""
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    heads = "\n".join(f"{name}: {value}" for name, value in response.items())
    cookies = "\n".join(morsel.OutputString() for morsel in response.cookies.values())
    told = f"{heads}\n{cookies}".encode()
    return [told, unquote_to_bytes(told), raw, *unpacked(raw)]


def unpacked(raw: bytes) -> list[bytes]:
    """Members of an archive (xlsx, docx and zip are archives), words of a PDF."""
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [archive.read(name) for name in archive.namelist()]
            names = "\n".join(archive.namelist()).encode()
        return [names, *members, *(inner for member in members for inner in unpacked(member))]
    if raw.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(raw))
        words = "".join(page.extract_text() for page in reader.pages)
        return [words.encode(), re.sub(r"\s", "", words).encode(), str(reader.metadata).encode()]
    return []


def spellings(word: str) -> set[bytes]:
    """A word as it may stand in an answer: plain, in JSON, in an address, as entities, in other encodings, in base64."""
    found = {
        word.encode(), json.dumps(word)[1:-1].encode(), quote(word).encode(), quote(word).lower().encode(),
        "".join(f"&#{ord(char)};" for char in word).encode(), "".join(f"&#x{ord(char):x};" for char in word).encode(),
        word.encode("utf-16-le"), word.encode("utf-16-be"), word.encode("gb18030"),
    }  # fmt: skip
    if re.fullmatch(r"1\d{10}", word):
        found |= {f"{word[:3]}{gap}{word[3:7]}{gap}{word[7:]}".encode() for gap in (" ", "-")}
    for shift in range(3):
        cut, raw = (0, 2, 3)[shift], b"\0" * shift + word.encode()
        packed = base64.b64encode(raw)[cut : len(raw) * 8 // 6]
        found |= {packed} if len(packed) >= 6 else set()  # shorter ones come about by chance
    return {one for one in found if len(one) >= 3}


@dataclass
class Secrets:
    """Words that may not come back, and pairs that may not stand together: a place is no secret until it stands
    beside the words of the work."""

    words: Mapping[str, str]
    together: Sequence[tuple[Sequence[str], Sequence[str]]] = ()
    _known: dict[str, list[bytes]] = field(default_factory=dict)

    def told(self, pieces: Iterable[bytes], *, typed: str = "") -> list[str]:
        """What the pieces tell; what somebody typed into the address may be repeated."""
        found = []
        for piece in pieces:
            found += [
                name for name, word in self.words.items() if word not in typed and self._has(piece, word)
            ]
            for some, others in self.together:
                beside = [word for word in others if self._has(piece, word)]
                if beside and any(self._has(piece, word) for word in some if word not in typed):
                    found.append(f"{beside[0]} beside the work")
        return sorted(set(found))

    def _has(self, piece: bytes, word: str) -> bool:
        if word not in self._known:
            self._known[word] = sorted(spellings(word))
        return any(one in piece for one in self._known[word])


# -- walking -----------------------------------------------------------------------------------------


def walk(
    client: Client, urls: Iterable[str], secrets: Secrets, *, method: str = "get", data: Any = None
) -> list[tuple[str, int, str]]:
    """(address, status, what it told) of every address that tells something. Nothing that is sent is kept."""
    found = []
    for url in urls:
        with _as_served(), transaction.atomic():
            response = getattr(client, method)(url, data or {})
            found += [
                (url, response.status_code, name)
                for name in secrets.told(opened(response), typed=unquote(url))
            ]
            found += [(url, response.status_code, "a fault")] if response.status_code >= 500 else []
            if method == "post":
                transaction.set_rollback(True)
    return found


def searched(client: Client, urls: Iterable[str]) -> list[str]:
    """The pages of this person that can be searched."""
    with _as_served():
        return [url for url in urls if b'name="q"' in client.get(url).content]


def _as_served() -> override_settings:
    """With what the site keeps from page to page (decision 0031), as people get it; counting the menu's numbers anew
    for every address was half of a walk."""
    return override_settings(KEPT_PAGE_SECONDS=30)


def questions(urls: Iterable[str], words: Iterable[str]) -> list[str]:
    """The pages again, asked for words that only somebody who knows the family could type."""
    return [f"{url}{'&' if '?' in url else '?'}q={quote(word)}" for url in urls for word in words]
