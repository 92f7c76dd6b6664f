"""A sheet of paper of the demonstration: a PDF of one page with lines of Chinese, made by hand.

The font is one that every reader of PDFs has for Chinese (Adobe-GB1), so that none is embedded.
"""

from collections.abc import Sequence

TOP, LEFT, LINE = 760, 72, 28  # points of an A4 page


def sheet_of(lines: Sequence[str]) -> bytes:
    """The bytes of the document; the first line is its heading."""
    words = _words(lines)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R"
            b" /Resources << /Font << /F1 4 0 R >> >> >>"
        ),
        (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            b" /DescendantFonts [5 0 R] >>"
        ),
        (
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 6 0 R"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
        ),
        (
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6"
            b" /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880"
            b" /Descent -120 /CapHeight 880 /StemV 93 >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
    )
    return _joined(objects)


def _words(lines: Sequence[str]) -> bytes:
    parts = [b"BT", b"%d TL" % LINE, b"%d %d Td" % (LEFT, TOP)]
    for number, line in enumerate(lines):
        shown = line.encode("utf-16-be").hex().upper().encode()
        parts += [b"/F1 %d Tf" % (14 if number else 22), b"<%s> Tj T*" % shown]
    return b"\n".join([*parts, b"ET"])


def _joined(objects: Sequence[bytes]) -> bytes:
    """The objects one after the other, the table of where each begins, and the end."""
    document = bytearray(b"%PDF-1.4\n")
    begins = []
    for number, one in enumerate(objects, 1):
        begins.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table, size = len(document), len(objects) + 1
    document += b"xref\n0 %d\n0000000000 65535 f \n" % size
    document += b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    document += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, table)
    return bytes(document)
