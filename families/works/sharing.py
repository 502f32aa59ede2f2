"""QR codes for pages."""

import io

import segno


def qr_svg(url: str) -> str:
    """A QR code as SVG text, dark on white, with its quiet zone."""
    out = io.BytesIO()
    segno.make(url, error="m").save(
        out, kind="svg", scale=4, border=2, xmldecl=False, dark="#1F2629", light="#ffffff"
    )
    return out.getvalue().decode()
