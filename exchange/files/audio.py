"""Looking through an uploaded sound before it is kept: known, small, and without where it was made.

MP3, M4A and Ogg are told by their first bytes. The tags of an MP3 are cut off, places in the tags
of an M4A are blanked: phones write there where a recording was made. A sound is only ever handed
out as a download, with a policy under which a browser runs nothing (``files.views``).
"""

from dataclasses import dataclass

from exchange.kernel.errors import Invalid

LARGEST_BYTES = 8_000_000
MP3, M4A, OGG = "audio/mpeg", "audio/mp4", "audio/ogg"
SUFFIXES = {MP3: "mp3", M4A: "m4a", OGG: "ogg"}
BRANDS = (b"M4A ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"3gp4", b"3gp5", b"3gp6")
PLACES = (b"\xa9xyz", b"loci", b"com.apple.quicktime.location")
ID3_HEAD, ID3_TAIL = 10, 128


@dataclass(frozen=True)
class Sound:
    """A sound that was looked through."""

    data: bytes
    media_type: str


def looks_like_sound(data: bytes) -> bool:
    """Whether the bytes say of themselves that they are a sound."""
    return _type_of(data) is not None


def read_sound(data: bytes) -> Sound:
    """Look through a sound of up to 8 MB. Raises Invalid "sound_too_large", "sound_unreadable"."""
    if len(data) > LARGEST_BYTES:
        raise _refused("sound_too_large")
    kind = _type_of(data)
    if kind is None:
        raise _refused("sound_unreadable")
    kept = _without_tags(data) if kind == MP3 else _without_place(data) if kind == M4A else data
    if len(kept) < 64 or (kind == MP3 and not _is_frame(kept)):
        raise _refused("sound_unreadable")
    return Sound(kept, kind)


def _type_of(data: bytes) -> str | None:
    if data.startswith(b"OggS") and (b"OpusHead" in data[:128] or b"\x01vorbis" in data[:128]):
        return OGG
    if data[4:8] == b"ftyp" and data[8:12] in BRANDS and b"vide" not in data:
        return M4A
    if data.startswith(b"ID3") or _is_frame(data):
        return MP3
    return None


def _is_frame(data: bytes) -> bool:
    """Whether a frame of MPEG audio, layer 3, begins here."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:
        return False
    return data[1] & 0x18 != 0x08 and data[2] & 0xF0 != 0xF0 and data[2] & 0x0C != 0x0C


def _without_tags(data: bytes) -> bytes:
    """Without the ID3 tags before and behind."""
    while data.startswith(b"ID3") and len(data) > ID3_HEAD:
        sizes = data[6:ID3_HEAD]
        length = sum(
            (one & 0x7F) << shift for one, shift in zip(sizes, (21, 14, 7, 0), strict=True)
        )
        data = data[ID3_HEAD + length :]
    data = data.lstrip(b"\0")
    return data[:-ID3_TAIL] if data[-ID3_TAIL:].startswith(b"TAG") else data


def _without_place(data: bytes) -> bytes:
    """The same length, so that nothing in it moves; what says a place is blanked."""
    kept = bytearray(data)
    for name in PLACES:
        start = kept.find(name)
        while start >= 4:
            size = int.from_bytes(kept[start - 4 : start], "big")
            end = min(start - 4 + size if 8 <= size <= 4096 else start + 256, len(kept))
            kept[start:end] = b"free".ljust(end - start, b"\0") if end - start >= 4 else b"\0"
            start = kept.find(name, start + 1)
    return bytes(kept)


def _refused(code: str) -> Invalid:
    return Invalid(code, fields={"files": [code]})
