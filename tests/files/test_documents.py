"""PDFs that people send: looked through before they are kept, only ever handed out to load."""

import zlib

import pytest

from exchange.files.documents import LARGEST_BYTES, looks_like_document, read_document
from exchange.files.rules import plain_name, size_words
from exchange.kernel.errors import Invalid


def pdf(inside: bytes = b"", *, stream: bytes | None = None) -> bytes:
    """A small PDF with something in its catalogue, and a compressed stream."""
    packed = zlib.compress(b"q 1 0 0 1 0 0 cm Q" if stream is None else stream)
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + inside + b" >>\nendobj\n"
        b"2 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream\nendobj\n"
        b"trailer << /Root 1 0 R >>\n%%EOF\n"
    )


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as error:
        read_document(data)
    assert error.value.fields == {"files": [error.value.code]}
    return error.value.code


def test_plain_document_is_kept_as_it_is() -> None:
    assert read_document(pdf()).data == pdf()
    assert looks_like_document(b"\n" + pdf())
    assert not looks_like_document(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    "name", [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/Encrypt", b"/J#61vaScript"]
)
def test_what_acts_is_refused_wherever_it_stands(name: bytes) -> None:
    assert refused(pdf(name + b" 5 0 R")) == "document_active"
    assert refused(pdf(stream=b"<< " + name + b" (app.alert(1)) >>")) == "document_active"


def test_longer_names_are_no_scripts() -> None:
    assert read_document(pdf(b"/JSON 1 /LaunchPad 2"))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 cut off", b"GIF89a %%EOF"])
def test_what_is_cut_off_or_no_document_is_refused(data: bytes) -> None:
    assert refused(data) == "document_unreadable"


def test_what_swells_is_refused() -> None:
    assert refused(pdf(stream=bytes(40_000_000))) == "document_too_large"
    assert refused(pdf() + bytes(LARGEST_BYTES)) == "document_too_large"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("报价单.PDF", "报价单.pdf"),
        ("C:\\papers\\..\\合同 (2).pdf", "合同 (2).pdf"),
        ("../../etc/contract", "contract.pdf"),
        ("\u202egpj.exe", "gpj.exe.pdf"),
        ('a\0b\n"<c>.pdf', "abc.pdf"),
        ("...", ""),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_a_name_is_one_that_may_be_shown_and_saved_under(given: str, name: str) -> None:
    assert plain_name(given, ".pdf") == name


def test_a_long_name_keeps_its_ending() -> None:
    name = plain_name("长" * 300 + ".pdf", ".pdf")
    assert (len(name), name[-5:]) == (100, "长.pdf")


def test_a_size_is_never_less_than_it_is() -> None:
    assert size_words(1) == ("1", "KB")
    assert size_words(34_001) == ("35", "KB")
    assert size_words(1_200_001) == ("1.3", "MB")
    assert size_words(8_000_000) == ("8.0", "MB")
