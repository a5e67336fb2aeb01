"""Photos no camera took: a drawn card and a drawn face, large enough to pass as pictures of a phone."""

import io
import random

from PIL import Image, ImageDraw

_CARD = (1400, 880)
_PORTRAIT = (900, 1200)


def card(side: str, *, seed: int) -> bytes:
    """Return a JPEG of an invented card; `side` is written on it, `seed` varies the pattern."""
    image = Image.effect_noise(_CARD, 30).convert("RGB")
    draw = ImageDraw.Draw(image)
    shade = random.Random(seed).randrange(120, 200)  # noqa: S311 - decoration
    draw.rounded_rectangle((40, 40, _CARD[0] - 40, _CARD[1] - 40), 40, outline=(shade, 60, 60), width=12)
    draw.text((90, 90), f"THE MAU - {side}", fill=(20, 20, 20), font_size=64)
    draw.text((90, 220), "KHONG CO GIA TRI", fill=(120, 20, 20), font_size=48)
    return _jpeg(image)


def portrait(*, seed: int) -> bytes:
    """Return a JPEG of an invented face."""
    image = Image.effect_noise(_PORTRAIT, 20).convert("RGB")
    draw = ImageDraw.Draw(image)
    tone = random.Random(seed).randrange(150, 220)  # noqa: S311 - decoration
    draw.ellipse((250, 250, 650, 800), fill=(tone, tone - 40, tone - 70))
    draw.ellipse((350, 450, 400, 500), fill=(30, 30, 30))
    draw.ellipse((500, 450, 550, 500), fill=(30, 30, 30))
    draw.arc((370, 560, 530, 680), 20, 160, fill=(120, 40, 40), width=8)
    return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()
