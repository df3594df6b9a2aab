"""Pictures that people upload: judged by decoding them, and never passed on as they came."""

import warnings
from importlib import import_module
from io import BytesIO
from threading import Lock

from ..exceptions import ValidationError

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
SIZES = (256, 512)  # pixels a side; the larger one for profiles and dense screens
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")

# A picture of 25 megapixels takes 135 MB while it is decoded. One at a time in each process.
_one_at_a_time = Lock()


class UnusablePicture(ValidationError):
    """The upload is no picture that we take; the message says so to the person who sent it."""


def squares(content: bytes) -> dict[int, bytes]:
    """Return the middle of a picture as WebP, by the pixels of its side (SIZES).

    It is turned as its camera says and made anew from its pixels, so that neither the place where
    it was taken nor anything else that was in the file goes along. Of a moving picture the first
    frame is taken. Raises UnusablePicture.
    """
    if len(content) > MOST_BYTES:
        raise UnusablePicture("The picture is larger than 5 MB. Please choose a smaller one.")
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("error")  # such as Pillow's for pictures that are bombs
        return _squares(content)


def _squares(content: bytes) -> dict[int, bytes]:
    image_module, operations = import_module("PIL.Image"), import_module("PIL.ImageOps")
    try:
        with image_module.open(BytesIO(content), formats=FORMATS) as image:
            _refuse_too_many_pixels(image)
            # JPEG can be decoded at a half, a quarter or an eighth of its size.
            image.draft("RGB", (2 * max(SIZES), 2 * max(SIZES)))
            upright = operations.exif_transpose(_reduced(image))
            picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        # Far more is thrown away than kept: nothing of the file but its pixels.
        return {side: _as_webp(operations.fit(picture, (side, side))) for side in SIZES}
    except UnusablePicture:
        raise
    except (image_module.DecompressionBombError, image_module.DecompressionBombWarning):
        raise UnusablePicture(_TOO_LARGE) from None
    # What a decoder says about a file that is broken on purpose is not listed anywhere.
    except Exception as error:
        raise UnusablePicture(
            "This is not a picture that we can read. PNG, JPEG, WebP and GIF will do."
        ) from error


def _reduced(image):
    """Return the picture at a whole fraction of its size, still larger than what is kept.

    What follows makes copies: of 25 megapixels each would take 100 MB.
    """
    factor = min(image.size) // (2 * max(SIZES))
    can_be_averaged = image.mode in ("L", "LA", "RGB", "RGBA")
    return image.reduce(factor) if factor > 1 and can_be_averaged else image


_TOO_LARGE = "The picture has more than 25 megapixels. Please choose a smaller one."


def _refuse_too_many_pixels(image) -> None:
    """Look at the size that the file claims, before anything of it is decoded."""
    if image.width * image.height > MOST_PIXELS:
        raise UnusablePicture(_TOO_LARGE)


def _as_webp(picture) -> bytes:
    picture.info.clear()
    file = BytesIO()
    picture.save(file, "WEBP", quality=82, method=4)
    return file.getvalue()
