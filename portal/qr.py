"""Draws a square for a camera, as part of the page itself."""

import segno
from markupsafe import Markup


def drawn(text: str, scale: int = 0) -> str:
    """Dark on white, whatever the page's colours are; as large as the box around it where no scale is given."""
    drawing = segno.make(text, micro=False).svg_inline(scale=scale or 1, dark="#000", light="#fff", omitsize=not scale)
    return Markup(drawing)  # noqa: S704 - segno draws it, and no text comes through
