"""Turning an uploaded picture into one that is safe to keep: small, upright, without metadata."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from exchange.kernel.errors import Invalid

LARGEST_BYTES = 8_000_000
LARGEST_PIXELS = 60_000_000
FULL_EDGE = 1600
THUMB_EDGE = 400
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/webp"


@dataclass(frozen=True)
class Picture:
    """A re-encoded picture: the full one and its thumbnail, as WebP."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def read_picture(data: bytes) -> Picture:
    """Re-encode JPEG, PNG or WebP of up to 8 MB and 60 million pixels.

    The turn that a camera noted is applied, then all metadata (place, device, time) is gone, as
    only the pixels are copied. Raises Invalid with "picture_too_large" or "picture_unreadable".
    """
    if len(data) > LARGEST_BYTES:
        raise Invalid("picture_too_large", fields={"photos": ["picture_too_large"]})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = _opened(data)
            return _encoded(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Warning) as error:
        raise _unreadable() from error
    except (Image.DecompressionBombError, MemoryError, OverflowError) as error:
        raise Invalid("picture_too_large", fields={"photos": ["picture_too_large"]}) from error


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    if image.width * image.height > LARGEST_PIXELS:
        raise Image.DecompressionBombError
    if image.format == "JPEG":
        image.draft("RGB", (FULL_EDGE, FULL_EDGE))
    image.load()
    return image


def _encoded(image: Image.Image) -> Picture:
    upright = ImageOps.exif_transpose(image)
    full = _on_white(upright)
    full.thumbnail((FULL_EDGE, FULL_EDGE), Image.Resampling.LANCZOS)
    thumb = full.copy()
    thumb.thumbnail((THUMB_EDGE, THUMB_EDGE), Image.Resampling.LANCZOS)
    return Picture(
        full=_webp(full, 82), thumb=_webp(thumb, 76), width=full.width, height=full.height
    )


def _on_white(image: Image.Image) -> Image.Image:
    """A new picture of the pixels alone; what was transparent becomes white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    return plain


def _webp(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=3)
    return out.getvalue()


def _unreadable() -> Invalid:
    return Invalid("picture_unreadable", fields={"photos": ["picture_unreadable"]})
