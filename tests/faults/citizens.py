"""Declarants by the dozen: people no two of whom share a number, and photos made once."""

import io
import random
from collections.abc import Iterator

from devtools.story.people import Citizen
from PIL import Image

_SERIALS = 10**6
# As small as is accepted: what is tested here is not the cleaning of photos.
_PHOTO = (320, 320)


def citizens(chance: random.Random) -> Iterator[Citizen]:
    """Yield citizens for ever; the first number is drawn, the others follow, so that nobody comes twice."""
    for number in range(chance.randrange(_SERIALS), 10 * _SERIALS):
        serial = f"{number % _SERIALS:06d}"
        yield Citizen(
            social_insurance_number=f"7700{serial}",
            citizen_number=f"066085{serial}",
            full_name="Trần Thị Mẫu",
            phone=f"0911{serial}",
            email=f"thu.{serial}@example.com",
            password="never used: the account is not entered",
        )


def form(citizen: Citizen, agency_code: str) -> dict[str, object]:
    return {
        "subject_kind": "individual",
        "social_insurance_number": citizen.social_insurance_number,
        "full_name": citizen.full_name,
        "identity": {"kind": "citizen_id", "number": citizen.citizen_number},
        "address": {
            "layout": "without_districts",
            "province_code": "66",
            "ward_code": "24133",
            "street": "Số 3, Phố Thử Nghiệm",
        },
        "phone": citizen.phone,
        "email": citizen.email,
        "agency_code": agency_code,
        "paper_delivery": "counter",
        "pledge_accepted": True,
    }


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(_PHOTO, 20).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()
