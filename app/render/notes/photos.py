"""A photo made anew: judged by its content, upright, small enough, and without what the camera wrote into it."""

import asyncio
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from app.kit.errors import BadInputError

MOST_PIXELS = 40_000_000
LONG_SIDE, SMALL_SIDE = 2048, 320  # pixels
QUALITY = 82
TOO_MANY_PIXELS = "This photo has more than 40 megapixels. Take it again with your device's usual setting."
BROKEN = "This photo is damaged and cannot be read. Add it again, or take it once more."
NO_PHOTO = "This is not a photo that can be kept. Add a JPEG, PNG or WebP picture."
HEIC = "This photo is in Apple's HEIC format, which most devices cannot show. Save it as JPEG and add it again."

# What Pillow's readers raise on files made or broken so that they misread.
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    MemoryError,
    AttributeError,
    struct.error,
)
_READERS = ("JPEG", "PNG", "WEBP")
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="photos")  # one at a time: a decoded photo is large

Image.MAX_IMAGE_PIXELS = None  # judged here by MOST_PIXELS, from the header, before anything is decoded


@dataclass(frozen=True, slots=True)
class Remade:
    """A photo as it is stored: two JPEGs, and the size of the larger one in pixels."""

    image: bytes
    small: bytes
    width: int
    height: int


def refuse_kind(head: bytes) -> None:
    """Judge by the first 12 bytes whether this can be a photo that is taken. Raises BadInputError when it cannot."""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise BadInputError(HEIC)
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    if not webp and not head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise BadInputError(NO_PHOTO)


async def remade_aside(data: bytes) -> Remade:
    """`remade` in a thread of its own, so that others are answered meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(_aside, remade, data)


def remade(data: bytes) -> Remade:
    """The photo decoded and encoded anew; nothing of the file itself is kept. Raises BadInputError with a sentence."""
    refuse_kind(data[:12])
    try:
        image = _upright(data)
        small = image.copy()
        small.thumbnail((SMALL_SIDE, SMALL_SIDE))
        return Remade(_jpeg(image), _jpeg(small), image.width, image.height)
    except _UNREADABLE as problem:
        raise BadInputError(BROKEN) from problem


def _upright(data: bytes) -> Image.Image:
    """The picture alone: turned as it was held, in sRGB, at most LONG_SIDE on its longer side."""
    with Image.open(BytesIO(data), formats=_READERS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise BadInputError(TOO_MANY_PIXELS)
        image.thumbnail((LONG_SIDE, LONG_SIDE))  # a JPEG is decoded at about this size, not whole
        plain = _in_srgb(ImageOps.exif_transpose(image))
    plain.info.clear()
    return plain


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        whole = image.convert("RGBA")
        paper = Image.new("RGBA", whole.size, "white")
        plain = Image.alpha_composite(paper, whole).convert("RGB")
    else:
        plain = image.convert("RGB")
    if profile and image.mode in {"RGB", "RGBA"}:
        try:
            source = ImageCms.getOpenProfile(BytesIO(profile))
            ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), inPlace=True)
        except (ImageCms.PyCMSError, *_UNREADABLE):
            return plain  # colours a little off are better than no photo
    return plain


def _jpeg(image: Image.Image) -> bytes:
    held = BytesIO()
    image.save(held, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return held.getvalue()
