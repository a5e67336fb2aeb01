"""The citizen reads the own record; the agency feeds it, and both see what was said before."""

import asyncio
import time
from typing import Any
from urllib.parse import quote

from devtools.story.browser import Answer
from devtools.story.cast import Cast
from devtools.story.report import NotAsToldError, expect

_FOLLOW_SECONDS = 5
_LOOK_SECONDS = 0.1
_PAGE = "/records/v1/participants/me/person"
_NEW_ADDRESS = "Số 2, Phố Thử Nghiệm, Tân Lợi, Đắk Lắk"


async def tell(cast: Cast) -> None:
    cast.report.chapter("5. The citizen reads the own record")
    await _guest(cast)
    await _log_in(cast)
    page = await _own_page(cast)
    participant_id = await _found_by_the_agency(cast, page)
    await _fed(cast, participant_id, page)
    await cast.second_phone.delete("/auth/v1/sessions/current")


async def _guest(cast: Cast) -> None:
    with cast.report.step("a guest reads no record"):
        await cast.guest.get(_PAGE, status=401)


async def _log_in(cast: Cast) -> None:
    with cast.report.step("the citizen logs in on the new device"):
        body = {
            "user_name": cast.citizen.social_insurance_number,
            "password": cast.citizen.password,
            "device": {"kind": "tablet", "name": "Máy thử tablet"},
        }
        opened = await cast.second_phone.post("/auth/v1/sessions", body, status=201)
        cast.second_phone.headers["Authorization"] = f"Bearer {cast.saw(opened.body['token'])}"


async def _own_page(cast: Cast) -> dict[str, Any]:
    with cast.report.step("the account reads its holder's record: the number is there"):
        page = (await _page_once_it_says(cast, social_insurance_number=cast.citizen.social_insurance_number)).body
        expect(page["full_name"] == cast.citizen.full_name, "the name is the declared one")
        return dict(page)


async def _found_by_the_agency(cast: Cast, page: dict[str, Any]) -> str:
    with cast.report.step("the managing agency finds the participant by number, another one does not"):
        number = {"kind": "social_insurance_number", "number": cast.citizen.social_insurance_number}
        await cast.other_office.post("/records/v1/staff/participants/find", number, status=404)
        found = await cast.office.post("/records/v1/staff/participants/find", number)
        expect(found.body["participant_id"] == page["participant_id"], "it is the citizen's own record")
        return str(found.body["participant_id"])


async def _fed(cast: Cast, participant_id: str, page: dict[str, Any]) -> None:
    path = f"/records/v1/staff/participants/{participant_id}/contact"
    contact = {"address": _NEW_ADDRESS, "phone": cast.citizen.phone}
    with cast.report.step("another agency's officer changes nothing"):
        await cast.other_office.post(path, contact, status=404, headers=cast.once())
    with cast.report.step("what the agency records is on the page, and the page as of before says what it said"):
        await cast.office.post(path, contact, headers=cast.once())
        await _page_once_it_says(cast, address=_NEW_ADDRESS)
        known_since = quote(page["standing"]["full_name"]["since"])
        before = await cast.second_phone.get(f"{_PAGE}?as_of={known_since}")
        expect(before.body["address"] == page["address"], "the address was another one then")


async def _page_once_it_says(cast: Cast, **values: str) -> Answer:
    """Look at the page, and again until it says so: read models follow within a second."""
    deadline = time.monotonic() + _FOLLOW_SECONDS
    while True:
        try:
            shown = await cast.second_phone.get(_PAGE)
        except NotAsToldError:
            # The declaration's event may still be on its way: until it comes, the account has no record.
            if time.monotonic() > deadline:
                raise
        else:
            if values.items() <= shown.body.items():
                return shown
            expect(time.monotonic() < deadline, f"the page says {sorted(values)}")
        await asyncio.sleep(_LOOK_SECONDS)
