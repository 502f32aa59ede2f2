"""The drawn signature: what a browser's canvas sent, checked and made small, and the digest of a signed pledge."""

import base64
import binascii
import io
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

PREFIX = "data:image/png;base64,"
MOST_CHARACTERS = 400_000
MOST_SIDE = 2400
KEPT = (600, 240)
INK_LEAST = 12  # height and width in pixels below which it is a dot, not a name


def clean_image(text: str) -> str:
    """A small grey PNG in base64, cut to the ink; "" for nothing drawn. Raises ValidationError for anything else
    than a picture of a canvas."""
    if not text.strip():
        return ""
    if not text.startswith(PREFIX) or len(text) > MOST_CHARACTERS:
        raise ValidationError(_("签名没有传上来，请擦掉重写一次，或者改用勾选。"), code="image")
    try:
        raw = base64.b64decode(text[len(PREFIX) :], validate=True)
        with Image.open(io.BytesIO(raw), formats=["PNG"]) as image:
            if max(image.size) > MOST_SIDE:
                raise ValueError("larger than a canvas")
            grey = Image.new("L", image.size, 255)
            rgba = image.convert("RGBA")
            grey.paste(rgba.convert("L"), mask=rgba.getchannel("A"))
    except (ValueError, OSError, SyntaxError, binascii.Error, Image.DecompressionBombError) as error:
        raise ValidationError(_("签名没有传上来，请擦掉重写一次，或者改用勾选。"), code="image") from error
    box = ImageOps.invert(grey).point(lambda value: 255 if value > 40 else 0).getbbox()
    if box is None:
        return ""
    if box[2] - box[0] < INK_LEAST and box[3] - box[1] < INK_LEAST:
        raise ValidationError(_("签名太小，请擦掉重写一次，或者改用勾选。"), code="image")
    cut = ImageOps.expand(grey.crop(box), border=6, fill=255)
    cut.thumbnail(KEPT)
    out = io.BytesIO()
    cut.save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def sm3(body: dict[str, Any]) -> str:
    """The SM3 digest (GB/T 32905) of a document given as plain data, in hex."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(
        json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()
    )
    return digest.finalize().hex()
