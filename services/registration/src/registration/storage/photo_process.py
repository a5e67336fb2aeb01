"""The process that looks at one upload and ends: `python -m registration.storage.photo_process`.

Its arguments are the CPU seconds and the bytes of memory it may use. It reads the upload from its standard input and
writes one line of JSON, then the JPEG if there is one. Whatever a hostile file does happens here: with bounded memory,
CPU and files, no secrets in the environment, no second job. Source: FIL-02 to FIL-04, LIM-23.
"""

import json
import resource
import struct
import sys
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image, ImageFile

UPLOAD_MAX_BYTES: Final = 8 * 1024 * 1024
PIXELS_MAX: Final = 25_000_000
SHORTER_SIDE_MIN_PIXELS: Final = 300
KEPT_SIDE_MAX_PIXELS: Final = 1_600
KEPT_MAX_BYTES: Final = 1024 * 1024

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FORMATS: Final = ("JPEG", "PNG")
_QUALITIES: Final = (85, 75, 65, 50)
_SHRINK: Final = 0.75
# How to undo each orientation a camera may write (TIFF 6.0, tag 274); 1 is upright.
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow's decoders raise on broken input; anything else is our own mistake and ends the process.
_DECODING_ERRORS: Final = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, IndexError, KeyError)


class RefusedError(Exception):
    """The upload breaks the photo rule named."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A JPEG without any metadata, upright, within the limits of what is kept."""

    jpeg: bytes
    width_pixels: int
    height_pixels: int


def check_outside(upload: bytes) -> None:
    """Check what can be told without decoding: size and first bytes. Safe anywhere, so asked before a process starts.

    Raises:
        RefusedError: The upload is empty, too large, or neither JPEG nor PNG.
    """
    if not upload:
        raise RefusedError("photo_empty")
    if len(upload) > UPLOAD_MAX_BYTES:
        raise RefusedError("photo_too_large")
    if not upload.startswith((_JPEG, _PNG)):
        raise RefusedError("photo_kind")


def clean(upload: bytes) -> CleanPhoto:
    """Return the picture alone: upright, at most 1,600 px and 1 MiB, without metadata.

    Raises:
        RefusedError: It is not a photo, or breaks a limit.
    """
    check_outside(upload)
    try:
        return _encoded(_upright_rgb(_opened(upload)))
    except MemoryError as error:
        raise RefusedError("photo_too_heavy") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise RefusedError("photo_too_many_pixels") from error
    except _DECODING_ERRORS as error:
        raise RefusedError("photo_broken") from error


def _opened(upload: bytes) -> Image.Image:
    with Image.open(BytesIO(upload), formats=_FORMATS) as image:
        width, height = image.size
        if width * height > PIXELS_MAX:
            raise RefusedError("photo_too_many_pixels")
        if min(width, height) < SHORTER_SIDE_MIN_PIXELS:
            raise RefusedError("photo_too_small")
        # A JPEG of several pictures is what phones write for one photo (its first); an animated PNG is no photo.
        if image.format == "PNG" and getattr(image, "is_animated", False):
            raise RefusedError("photo_animated")
        image.verify()
    return Image.open(BytesIO(upload), formats=_FORMATS)


def _upright_rgb(image: Image.Image) -> Image.Image:
    """Decode, shrink, turn as the camera's orientation says (the tag goes), and flatten to RGB on white."""
    # Lets the JPEG decoder skip detail that would be thrown away: a fifth of the time for a phone's photo.
    image.draft("RGB", (KEPT_SIDE_MAX_PIXELS, KEPT_SIDE_MAX_PIXELS))
    image.load()
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    shrunk = _eight_bits(image)
    shrunk.thumbnail((KEPT_SIDE_MAX_PIXELS, KEPT_SIDE_MAX_PIXELS))
    return _flat(shrunk if turn is None else shrunk.transpose(turn))


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # 16-bit grey: Pillow would cut to 8 bits, not scale.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _flat(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")


def _encoded(image: Image.Image) -> CleanPhoto:
    while True:
        # A new image of the pixels only: saving would take comments and profiles along.
        bare = Image.frombytes("RGB", image.size, image.tobytes())
        for quality in _QUALITIES:
            written = BytesIO()
            bare.save(written, "JPEG", quality=quality)
            if written.tell() <= KEPT_MAX_BYTES:
                return CleanPhoto(written.getvalue(), *bare.size)
        image = image.resize((int(image.width * _SHRINK), int(image.height * _SHRINK)))


def _bound(cpu_seconds: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def main() -> None:
    Image.preinit()
    _bound(cpu_seconds=int(sys.argv[1]), memory_bytes=int(sys.argv[2]))
    upload = sys.stdin.buffer.read(UPLOAD_MAX_BYTES + 1)
    try:
        photo = clean(upload)
    except RefusedError as refusal:
        sys.stdout.buffer.write(json.dumps({"rule": refusal.rule}).encode() + b"\n")
        return
    header = {"width": photo.width_pixels, "height": photo.height_pixels}
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + photo.jpeg)


if __name__ == "__main__":
    main()
