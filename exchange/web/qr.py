"""QR codes as inline SVG: one path, no style attribute, readable on paper and on dark screens."""

import segno
from markupsafe import Markup

QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks for


def qr_svg(text: str, label: str) -> Markup:
    """The code of a text with error correction M or better; ``label`` is read aloud instead.

    Raises ValueError for a text that no code can hold (more than some 2,300 characters).
    """
    code = segno.make(text, error="m", micro=False)
    size = code.symbol_size(border=QUIET)[0]
    path = "".join(
        f"M{column + QUIET} {row + QUIET}h{length}v1h-{length}z"
        for row, bits in enumerate(code.matrix)
        for column, length in _runs(bits)
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}"'
        ' shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/>'
        '<path fill="#000" d="{path}"/></svg>'
    ).format(size=size, label=label, path=path)


def _runs(bits: bytearray) -> list[tuple[int, int]]:
    """Where dark modules begin in a row, and how many stand side by side."""
    found: list[tuple[int, int]] = []
    start = None
    for place, bit in enumerate([*bits, 0]):
        if bit and start is None:
            start = place
        elif not bit and start is not None:
            found.append((start, place - start))
            start = None
    return found
