"""Hostile and odd pictures, made by code when a test asks: each must be refused with its rule, or made harmless."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image, PngImagePlugin

PIXELS_OVER = (5_001, 5_000)
GPS_MARK = b"GPS-CANARY"
COMMENT_MARK = b"COMMENT-CANARY"
UPLOAD_MAX_BYTES = 8 * 1024 * 1024


def picture(width: int = 640, height: int = 480, mode: str = "RGB", kind: str = "JPEG") -> bytes:
    written = BytesIO()
    Image.effect_noise((width, height), 64).convert(mode).save(written, kind)
    return written.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + _chunk(b"IEND", b"")


def _header(width: int, height: int, depth: int = 8, colour: int = 0) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def pixel_bomb() -> bytes:
    return _png(_header(65_535, 65_535), _chunk(b"IDAT", zlib.compress(b"\0\0")))


def flat() -> bytes:
    """5,000 x 5,000 with transparency: few bytes, 100 MB of pixels, allowed by every count."""
    written = BytesIO()
    Image.new("RGBA", (5_000, 5_000)).save(written, "PNG", compress_level=1)
    return written.getvalue()


def text_bomb() -> bytes:
    text = b"Comment\0\0" + zlib.compress(b"A" * 80_000_000, 9)
    plain = picture(kind="PNG")
    return plain[:33] + _chunk(b"zTXt", text) + plain[33:]


def animated_png() -> bytes:
    frames = [Image.new("RGB", (320, 320), colour) for colour in ("red", "blue", "green")]
    written = BytesIO()
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    return written.getvalue()


def animated_png_of_100_000_frames() -> bytes:
    control = _chunk(b"acTL", struct.pack(">II", 100_000, 0))
    plain = picture(kind="PNG")
    return plain[:33] + control + plain[33:]


def over_by_one_pixel_row() -> bytes:
    written = BytesIO()
    Image.new("L", PIXELS_OVER).save(written, "PNG")
    return written.getvalue()


def exactly_25_megapixels() -> bytes:
    written = BytesIO()
    Image.new("L", (5_000, 5_000)).save(written, "JPEG")
    return written.getvalue()


def one_byte_over() -> bytes:
    plain = picture()
    return plain + b"\0" * (UPLOAD_MAX_BYTES + 1 - len(plain))


def at_the_byte_limit() -> bytes:
    plain = picture()
    return plain + b"\0" * (UPLOAD_MAX_BYTES - len(plain))


def truncated() -> bytes:
    plain = picture()
    return plain[: len(plain) // 2]


def with_gps_comment_and_thumbnail() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = GPS_MARK.decode()
    exif.get_ifd(0x8825)[1] = "N"
    written = BytesIO()
    Image.new("RGB", (640, 480), "olive").save(
        written, "JPEG", exif=exif, comment=COMMENT_MARK, icc_profile=b"ICC-CANARY" * 20
    )
    return written.getvalue()


def png_with_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", COMMENT_MARK.decode())
    written = BytesIO()
    Image.new("RGB", (640, 480)).save(written, "PNG", pnginfo=info)
    return written.getvalue()


def turned_by_its_tag() -> bytes:
    """A landscape file whose tag says that it was taken upright: shown as 480 x 640."""
    exif = Image.Exif()
    exif[0x0112] = 6
    written = BytesIO()
    Image.new("RGB", (640, 480), "olive").save(written, "JPEG", exif=exif)
    return written.getvalue()


def polyglot(tail: bytes) -> Callable[[], bytes]:
    return lambda: picture() + tail


def restart_markers() -> bytes:
    plain = picture()
    return plain[:-2] + b"\xff\xd0" * 10_000 + plain[-2:]


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "photo_empty"),
    "text": (lambda: b"this is no photo", "photo_kind"),
    "svg named .jpg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "photo_kind"),
    "gif": (lambda: picture(kind="GIF", mode="L"), "photo_kind"),
    "tiff": (lambda: picture(kind="TIFF"), "photo_kind"),
    "webp": (lambda: picture(kind="WEBP"), "photo_kind"),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0", "photo_kind"),
    "fits": (lambda: b"SIMPLE  =                    T", "photo_kind"),
    "zip": (lambda: b"PK\x03\x04", "photo_kind"),
    "only the start of a jpeg": (lambda: b"\xff\xd8\xff", "photo_broken"),
    "only the start of a png": (lambda: b"\x89PNG\r\n\x1a\n", "photo_broken"),
    "truncated": (truncated, "photo_broken"),
    "pixel bomb": (pixel_bomb, "photo_too_many_pixels"),
    "one row of pixels over": (over_by_one_pixel_row, "photo_too_many_pixels"),
    "text bomb": (text_bomb, "photo_broken"),
    "animated": (animated_png, "photo_animated"),
    "animated, 100,000 frames": (animated_png_of_100_000_frames, "photo_animated"),
    "one pixel": (lambda: picture(1, 1), "photo_too_small"),
    "one pixel too narrow": (lambda: picture(299, 800), "photo_too_small"),
}
HARMLESS: dict[str, Callable[[], bytes]] = {
    "jpeg": picture,
    "png": lambda: picture(kind="PNG"),
    "smallest": lambda: picture(300, 300),
    "25 megapixels": exactly_25_megapixels,
    "8 MiB to the byte": at_the_byte_limit,
    "cmyk": lambda: picture(mode="CMYK"),
    "grey": lambda: picture(mode="L"),
    "grey, 16 bit": lambda: picture(mode="I;16", kind="PNG"),
    "palette": lambda: picture(mode="P", kind="PNG"),
    "one bit": lambda: picture(mode="1", kind="PNG"),
    "transparent": lambda: picture(mode="RGBA", kind="PNG"),
    "also html": polyglot(b"<script>alert(1)</script>"),
    "also zip": polyglot(b"PK\x03\x04payload"),
    "also phar": polyglot(b"<?php __HALT_COMPILER(); ?>"),
    "10,000 restart markers": restart_markers,
    "gps, comment, profile": with_gps_comment_and_thumbnail,
    "png with text": png_with_text,
}
