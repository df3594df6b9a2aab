"""Uploaded pictures: what comes out is square and bare, and what is hostile does not get in."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from app.lib.pictures import MOST_BYTES, SIZES, UnusablePicture, squares

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(kind="PNG", size=(40, 30), mode="RGB", colour=RED, **options) -> bytes:
    file = BytesIO()
    Image.new(mode, size, colour).save(file, kind, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def png_that_claims(width: int, height: int) -> bytes:
    """A small file whose header promises a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_becomes_a_square_of_each_size(kind):
    made = squares(picture(kind))
    assert made.keys() == set(SIZES)
    for side, content in made.items():
        with opened(content) as image:
            assert (image.format, image.size) == ("WEBP", (side, side))


@pytest.mark.parametrize(
    ("mode", "colour"), [("L", 90), ("P", 3), ("RGBA", (9, 9, 9, 50)), ("1", 1), ("I;16", 500)]
)
def test_every_kind_of_pixels_will_do(mode, colour):
    assert squares(picture(mode=mode, colour=colour))


def test_what_is_transparent_stays_so():
    with opened(squares(picture(mode="RGBA", colour=(0, 0, 0, 0)))[256]) as image:
        assert image.convert("RGBA").getpixel((128, 128))[3] == 0


def test_the_middle_is_kept():
    wide = Image.new("RGB", (300, 100), BLUE)
    wide.paste(RED, (100, 0, 200, 100))
    file = BytesIO()
    wide.save(file, "PNG")
    with opened(squares(file.getvalue())[256]) as image:
        for spot in ((8, 128), (128, 128), (248, 128)):
            assert abs(image.getpixel(spot)[0] - RED[0]) < 12


def test_a_picture_is_turned_as_its_camera_says_and_keeps_nothing_else_of_it():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[1] = "N"  # a place
    upper = Image.new("RGB", (64, 64), BLUE)
    upper.paste(RED, (0, 0, 64, 32))
    file = BytesIO()
    upper.save(file, "JPEG", exif=exif, quality=95, comment=b"secret words")
    content = squares(file.getvalue())[256]
    with opened(content) as image:
        red, blue = image.getpixel((200, 128)), image.getpixel((50, 128))
        assert red[0] > 150 > blue[0]  # what was above is at the right
        assert not image.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & image.info.keys()
    assert b"home" not in content
    assert b"secret" not in content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_is_turned_as_well(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    upper = Image.new("RGB", (2400, 2400), BLUE)
    upper.paste(RED, (0, 0, 2400, 1200))
    file = BytesIO()
    upper.save(file, kind, exif=exif)
    with opened(squares(file.getvalue())[512]) as image:
        assert image.getpixel((400, 256))[0] > 150 > image.getpixel((100, 256))[0]
        assert not image.getexif()


def test_of_a_moving_picture_the_first_frame_is_taken():
    file = BytesIO()
    frames = [Image.new("RGB", (20, 20), BLUE)]
    Image.new("RGB", (20, 20), RED).save(file, "GIF", save_all=True, append_images=frames)
    with opened(squares(file.getvalue())[256]) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert image.getpixel((9, 9))[0] > 150


HOSTILE = {
    "nothing": b"",
    "text": b"Hello, this is no picture",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg with a declaration": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n",
    "half a picture": picture(size=(400, 300), colour=BLUE)[:-300],
    "a header alone": b"\x89PNG\r\n\x1a\n",
    "a bitmap": picture("BMP"),
    "a tiff": picture("TIFF"),
    "an icon": picture("ICO"),
    "a program": b"MZ" + bytes(200),
    "bytes in the clothes of a gif": b"GIF89a" + bytes(range(200)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_of_the_four_kinds_is_refused(name):
    with pytest.raises(UnusablePicture, match="PNG, JPEG, WebP and GIF will do"):
        squares(HOSTILE[name])


@pytest.mark.parametrize("size", [(13000, 13000), (5001, 5000), (65535, 65535)])
def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header(size):
    with pytest.raises(UnusablePicture, match="megapixels"):
        squares(png_that_claims(*size))


def test_a_picture_of_25_megapixels_is_taken():
    assert squares(picture("JPEG", size=(5000, 5000)))


def test_a_file_of_more_than_5_mb_is_not_even_looked_at():
    with pytest.raises(UnusablePicture, match="5 MB"):
        squares(picture() + bytes(MOST_BYTES))
    assert squares(picture() + bytes(1000))
