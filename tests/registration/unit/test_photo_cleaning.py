"""Every picture of the corpus is refused with its rule or comes out harmless, within the limits."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from registration.domain.photos import PHOTO_RULES
from registration.storage.photo_process import RefusedError, clean

from tests.registration import photo_corpus as corpus


@pytest.mark.req("S-82")
@pytest.mark.sec("SEC-23")
@pytest.mark.parametrize(("make", "rule"), corpus.REFUSED.values(), ids=corpus.REFUSED)
def test_what_is_no_photo_or_breaks_a_limit_is_refused_with_the_rule(make: Callable[[], bytes], rule: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        clean(make())
    assert refusal.value.rule == rule


@pytest.mark.sec("SEC-23")
@pytest.mark.parametrize("make", corpus.HARMLESS.values(), ids=corpus.HARMLESS)
def test_a_photo_comes_out_as_a_plain_jpeg_within_the_limits(make: Callable[[], bytes]) -> None:
    photo = clean(make())
    assert len(photo.jpeg) <= 1024 * 1024
    with Image.open(BytesIO(photo.jpeg), formats=("JPEG",)) as image:
        image.load()
        assert image.mode == "RGB"
        assert image.size == (photo.width_pixels, photo.height_pixels)
        assert max(image.size) <= 1_600
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.sec("SEC-29")
@pytest.mark.parametrize("name", ["gps, comment, profile", "png with text", "also html", "also phar"])
def test_nothing_but_the_picture_survives(name: str) -> None:
    cleaned = clean(corpus.HARMLESS[name]()).jpeg
    for mark in (corpus.GPS_MARK, corpus.COMMENT_MARK, b"ICC-CANARY", b"script", b"HALT_COMPILER", b"Exif", b"PK\x03"):
        assert mark not in cleaned


def test_a_photo_taken_upright_stays_upright_without_its_tag() -> None:
    photo = clean(corpus.turned_by_its_tag())
    assert (photo.width_pixels, photo.height_pixels) == (480, 640)


def test_a_16_bit_photo_keeps_its_greys() -> None:
    written = BytesIO()
    Image.new("I;16", (400, 400), 0x8000).save(written, "PNG")
    with Image.open(BytesIO(clean(written.getvalue()).jpeg)) as image:
        assert image.getpixel((200, 200)) == pytest.approx((128, 128, 128), abs=2)


def test_transparent_parts_become_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (400, 400), (255, 0, 0, 0)).save(written, "PNG")
    with Image.open(BytesIO(clean(written.getvalue()).jpeg)) as image:
        assert image.getpixel((200, 200)) == (255, 255, 255)


def test_noise_that_does_not_compress_is_made_smaller_until_it_fits() -> None:
    written = BytesIO()
    noise = [Image.effect_noise((1_600, 1_600), 200) for _ in range(3)]
    Image.merge("RGB", noise).save(written, "JPEG", quality=60)
    assert len(clean(written.getvalue()).jpeg) <= 1024 * 1024


def test_one_byte_over_the_limit_is_refused_with_its_rule() -> None:
    with pytest.raises(RefusedError) as refusal:
        clean(corpus.one_byte_over())
    assert refusal.value.rule == "photo_too_large"


def test_every_rule_has_a_test_here() -> None:
    tested = {rule for _, rule in corpus.REFUSED.values()}
    # The last needs the process and its limits: see the integration tests.
    assert {rule.name for rule in PHOTO_RULES} == tested | {"photo_too_large", "photo_too_heavy"}
