"""The walk of `reach` opens what it is given: it would be worth nothing if it could not fail."""

import base64
import io
import zipfile
from urllib.parse import quote

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook

from families.cards.rules import LOOKS, MARGIN, TRIM, Fold, Sheet, Size
from portal import typeset
from tests.guards import reach

WORD = "鬯鼐懿"
SECRETS = reach.Secrets({"name": WORD, "phone": "13977170928"}, [(("一碗粥",), ("鸮栖",))])


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active["B2"] = f"作者{WORD}"
    book.save(out)
    return out.getvalue()


def archive(name: str, body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, body)
    return out.getvalue()


def document() -> bytes:
    motif, colour = next(iter(LOOKS.values()))
    width, height = TRIM[Size.A5]
    card = {
        "text": f"{WORD}写给爸爸",
        "points": 20,
        "to": "",
        "signed": "",
        "ink": "",
        "motif": motif,
        "colour": colour,
    }
    data = {
        "title": "桌签", "width": width, "height": height, "margin": MARGIN, "tent": False, "sheet": str(Sheet.SINGLE), "across": 1,
        "heading": "", "motto": "", "fold_word": "", "inside": "", "cards": [card], "fold": str(Fold.FLAT),
    }  # fmt: skip
    line = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    return typeset.pdf("cards/cards.typ", data, pictures={motif: line, f"pale-{motif}": line})


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(f"<p>{WORD}</p>"),
        HttpResponse(WORD.encode("gb18030"), content_type="text/csv"),
        HttpResponse(f"作者,{WORD}".encode("utf-8-sig"), content_type="text/csv"),
        HttpResponse(b'{"name": "\\u9b2f\\u9f10\\u61ff"}', content_type="application/json"),
        HttpResponse("", headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(WORD)}.jpg"}),
        HttpResponse("", status=302, headers={"Location": f"/x/?name={quote(WORD).lower()}"}),
        HttpResponse(base64.b64encode(f"xy{WORD}".encode())),
        HttpResponse("&#39727;&#40720;&#25087;"),
        StreamingHttpResponse([WORD.encode()]),
        HttpResponse(workbook()),
        HttpResponse(archive("word/document.xml", f"<w:t>{WORD}</w:t>".encode())),
        HttpResponse(archive(f"{WORD}.jpg", b"")),
        HttpResponse(archive("inner.zip", archive("a.txt", WORD.encode()))),
    ],
)  # fmt: skip
def test_a_word_is_found_wherever_it_hides(response: HttpResponse) -> None:
    assert "name" in SECRETS.told(reach.opened(response))


def test_a_word_is_found_in_a_pdf() -> None:
    assert SECRETS.told(reach.opened(HttpResponse(document()))) == ["name"]


def test_a_phone_is_found_with_gaps_and_a_place_only_beside_the_work() -> None:
    assert SECRETS.told([b"139 7717 0928"]) == ["phone"]
    assert SECRETS.told(["鸮栖社区".encode()]) == []
    assert SECRETS.told(["鸮栖：一碗粥".encode()]) == ["鸮栖 beside the work"]


def test_what_was_typed_may_be_repeated() -> None:
    assert SECRETS.told([WORD.encode()], typed=f"/search/?q={WORD}") == []


def test_every_key_stands_in_every_place_of_its_kind() -> None:
    made = reach.addresses({"str": ["ZP-1", "token"], "int": ["7"], "slug": ["call"], "uuid": ["u-1", "u-2"]})
    assert {"/works/ZP-1/", "/works/token/", "/works/calls/call/submit/", "/judge/u-2/pictures/7/"} <= set(
        made
    )
    assert {f"/files/{key}/{kind}/" for key in ("u-1", "u-2") for kind in ("thumb", "web", "master")} <= set(
        made
    )
    assert not any("(" in url or "<" in url for url in made)
