"""PDF documents, typeset by Typst from a template in `templates/documents/` and plain data.

    pdf = typeset.pdf("pledges/receipt.typ", {"title": …}, pictures={"sign.png": raw})
    png = typeset.png("cards/preview.typ", {…})          # the first page as a picture
    typeset.missing("𬀩😀")                              # → {"😀"}: what the font cannot print

The data reach the template as JSON (`json(bytes(sys.inputs.data))`), never as markup, so that nothing in a name can act.
The font is the one in `portal/fonts`, never one of the machine; a glyph or font that is missing is an error, because
Typst only warns (of a font) or says nothing (of a glyph) and would print boxes: callers ask `missing` first.
"""

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FONTS = Path(__file__).resolve().parent / "fonts"
FAMILY = "LXGW WenKai"


class TypesetError(RuntimeError):
    """The document could not be made as it should be."""


@cache
def _fonts() -> Any:
    import typst  # deferred: a large library that few pages need

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _glyphs() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # deferred: as above

    found: set[int] = set()
    for path in FONTS.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)


def missing(text: str) -> set[str]:
    """The characters that the font cannot print; line breaks and blanks are no characters."""
    return {char for char in text if not char.isspace() and ord(char) not in _glyphs()}


def pdf(template: str, data: Mapping[str, Any], *, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A PDF. `pictures` lie beside the template under their names. Raises TypesetError."""
    return _compile(template, data, pictures or {}, format="pdf")


def png(
    template: str, data: Mapping[str, Any], *, pictures: Mapping[str, bytes] | None = None, ppi: float = 144
) -> bytes:
    """The first page as a picture. Raises TypesetError."""
    return _compile(template, data, pictures or {}, format="png", ppi=ppi)


def _compile(template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], **how: Any) -> bytes:
    import typst  # deferred: as above

    source = (settings.ROOT / "templates" / "documents" / template).read_text("utf-8")
    with tempfile.TemporaryDirectory(prefix="typeset-") as folder:
        root = Path(folder)
        (root / "main.typ").write_text(source, "utf-8")
        for name, raw in pictures.items():
            (root / Path(name).name).write_bytes(raw)
        body = json.dumps({**data, "font": FAMILY}, ensure_ascii=False, default=str)
        try:
            made, warnings = typst.compile_with_warnings(
                str(root / "main.typ"), root=folder, font_paths=_fonts(), ignore_system_fonts=True,
                sys_inputs={"data": body}, **how,
            )  # fmt: skip
        except typst.TypstError as error:
            raise TypesetError(str(error)) from error
    if warnings:
        raise TypesetError("; ".join(str(warning) for warning in warnings))
    return bytes(made[0] if isinstance(made, list) else made)
