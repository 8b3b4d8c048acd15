"""Draws an address for a camera to read."""

# Loaded at the start: where a visitor's look would load it, the next one would come faster and tell of the first.
import segno
from markupsafe import Markup


def drawn(text: str) -> Markup:
    """A QR code as SVG, dark on white."""
    return Markup(segno.make(text).svg_inline(scale=4, dark="#000", light="#fff"))  # noqa: S704 - segno draws it
