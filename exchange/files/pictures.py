"""Turning an uploaded picture into one that is safe to keep: small, upright, without metadata.

Decoding takes memory by the pixel, whatever the file weighs: what cannot be decoded small is held
to ``LARGEST_PIXELS``, and one picture at a time is decoded in each process.
"""

import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from exchange.kernel.errors import Invalid

LARGEST_BYTES = 8_000_000
LARGEST_PIXELS = 24_000_000  # decoded whole, which takes some 230 MB
LARGEST_WEBP_PIXELS = 16_000_000  # its decoder takes twice as much by the pixel
LARGEST_JPEG_PIXELS = 64_000_000  # decoded at a half, a quarter or an eighth of its size
FULL_EDGE = 1600
THUMB_EDGE = 400
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/webp"
Image.MAX_IMAGE_PIXELS = None  # our own limits are lower and speak before anything is decoded
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A re-encoded picture: the full one and its thumbnail, as WebP."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def read_picture(data: bytes) -> Picture:
    """Re-encode JPEG, PNG or WebP of up to 8 MB and 24 million pixels (JPEG 64, WebP 16 million).

    The turn that a camera noted is applied, then all metadata (place, device, time) is gone, as
    only the pixels are copied. Raises Invalid with "picture_too_large" or "picture_unreadable".
    """
    if len(data) > LARGEST_BYTES:
        raise _too_large()
    try:
        with _one_at_a_time:
            return _encoded(_opened(data))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Invalid("picture_unreadable", fields={"photos": ["picture_unreadable"]}) from error
    except (Image.DecompressionBombError, MemoryError, OverflowError) as error:
        raise _too_large() from error


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    if isinstance(image, JpegImageFile) and not image.info.get("progressive"):
        _hold_to(image, LARGEST_JPEG_PIXELS)
        image.draft("RGB", (FULL_EDGE, FULL_EDGE))
    _hold_to(image, LARGEST_WEBP_PIXELS if image.format == "WEBP" else LARGEST_PIXELS)
    image.load()
    return image


def _hold_to(image: Image.Image, pixels: int) -> None:
    if image.width * image.height > pixels:
        raise Image.DecompressionBombError


def _encoded(image: Image.Image) -> Picture:
    small = _in_colour(image)
    small.thumbnail((FULL_EDGE, FULL_EDGE), Image.Resampling.LANCZOS)
    full = _on_white(ImageOps.exif_transpose(small))
    thumb = full.copy()
    thumb.thumbnail((THUMB_EDGE, THUMB_EDGE), Image.Resampling.LANCZOS)
    return Picture(
        full=_webp(full, 82), thumb=_webp(thumb, 76), width=full.width, height=full.height
    )


def _in_colour(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller smoothly, with its transparency."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    """A new picture of the pixels alone; what was transparent becomes white."""
    plain = Image.new("RGB", image.size, "white")
    if image.mode == "RGBA":
        plain.paste(image, mask=image.getchannel("A"))
    else:
        plain.paste(image)
    return plain


def _webp(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=3)
    return out.getvalue()


def _too_large() -> Invalid:
    return Invalid("picture_too_large", fields={"photos": ["picture_too_large"]})
