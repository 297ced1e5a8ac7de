"""Photos are judged by what they are, and nothing of the camera's stays in them."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from app.kit.errors import BadInputError
from app.render.notes.photos import BROKEN, HEIC, NO_PHOTO, TOO_MANY_PIXELS, refuse_kind, remade, remade_aside


def a_photo(form: str = "JPEG", size: tuple[int, int] = (60, 40), **how: Any) -> bytes:
    """Left half red, right half blue."""
    picture = Image.new(how.pop("mode", "RGB"), size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    held = BytesIO()
    picture.save(held, form, **how)
    return held.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    told = Image.Exif()
    told[0x0112] = orientation
    told[0x010F] = "Camera of A. Teacher"
    told.get_ifd(0x8825)[1] = "N"  # where it was taken
    return told


def seen(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_anew_and_tells_nothing_of_its_camera(form: str) -> None:
    how: dict[str, Any] = {"comment": b"A. Teacher"} if form == "JPEG" else {}
    made = remade(a_photo(form, exif=exif(), **how))
    for data in (made.image, made.small):
        assert b"Teacher" not in data
        assert b"Exif" not in data
        picture = seen(data)
        assert picture.format == "JPEG"
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


def test_a_photo_stands_as_it_was_held() -> None:
    made = remade(a_photo(exif=exif(orientation=6)))  # the camera was turned: its left is above
    picture = seen(made.image).convert("RGB")
    assert (made.width, made.height) == picture.size == (40, 60)
    top, bottom = picture.getpixel((20, 10)), picture.getpixel((20, 50))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[0] > 200, top[2] > 60) == (True, False)
    assert (bottom[2] > 200, bottom[0] > 60) == (True, False)


def test_a_large_photo_becomes_smaller_and_a_small_one_stays() -> None:
    large = remade(a_photo(size=(3000, 1500)))
    assert (large.width, large.height) == (2048, 1024)
    assert seen(large.small).size == (320, 160)
    small = remade(a_photo(size=(60, 40)))
    assert (small.width, small.height) == (60, 40)


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "1", "LA", "I;16"])
def test_every_kind_of_pixels_becomes_a_photo(mode: str) -> None:
    picture = Image.new(mode, (20, 10))
    held = BytesIO()
    picture.save(held, "PNG")
    assert seen(remade(held.getvalue()).image).mode == "RGB"


def test_what_shines_through_lies_on_white() -> None:
    held = BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(held, "PNG")
    assert seen(remade(held.getvalue()).image).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"nonsense"])
def test_a_colour_profile_is_used_and_left_out(profile: bytes) -> None:
    made = remade(a_photo(icc_profile=profile))
    assert "icc_profile" not in seen(made.image).info


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def a_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it has billions of pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    with pytest.raises(BadInputError) as refused:
        remade(a_bomb())
    assert refused.value.because == TOO_MANY_PIXELS


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (b"", NO_PHOTO),
        (SVG, NO_PHOTO),
        (b"GIF89a" + b"\x00" * 40, NO_PHOTO),
        (b"%PDF-1.7", NO_PHOTO),
        (b"MZ" + b"\x00" * 40, NO_PHOTO),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, HEIC),
        (b"\xff\xd8\xff" + b"\x00" * 40, BROKEN),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, BROKEN),
        (b"RIFF\x20\x00\x00\x00WEBPVP8 " + b"\x00" * 40, BROKEN),
        (a_photo()[:400], BROKEN),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(data: bytes, because: str) -> None:
    with pytest.raises(BadInputError) as refused:
        remade(data)
    assert refused.value.because == because


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow tells its log of camera data that it skips
@settings(max_examples=60)
@given(form=st.sampled_from(["JPEG", "PNG", "WEBP"]), at=st.integers(12, 700), by=st.binary(min_size=1, max_size=8))
def test_a_photo_with_wrong_bytes_is_taken_or_refused_but_never_breaks(form: str, at: int, by: bytes) -> None:
    good = a_photo(form, exif=exif(orientation=6))
    at = min(at, len(good) - 1)
    try:
        made = remade(good[:at] + by + good[at + len(by) :])
    except BadInputError as refused:
        assert refused.because in {BROKEN, NO_PHOTO, TOO_MANY_PIXELS}  # noqa: PT017  either is right
    else:
        assert seen(made.image).format == "JPEG"


async def test_photos_are_made_beside_the_server() -> None:
    assert (await remade_aside(a_photo())).width == 60


def test_the_first_bytes_already_tell() -> None:
    refuse_kind(a_photo()[:12])
    with pytest.raises(BadInputError):
        refuse_kind(SVG[:12])
