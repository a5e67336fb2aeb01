"""A guardian reads the record of a child, and nobody else's."""

import secrets

from devtools.story.cast import Cast
from devtools.story.report import expect
from devtools.story.waiting import see


async def tell(cast: Cast) -> None:
    cast.report.chapter("11. A child's record")
    child = cast.record.child_id = await _registered(cast)
    await _not_yet(cast, child)
    await _appointed(cast, child)
    await _ended(cast, child)


async def _registered(cast: Cast) -> str:
    with cast.report.step("the agency begins a child's record"):
        number = cast.told(f"66{secrets.randbelow(10**8):08d}")
        body = {
            "identity": {"full_name": cast.told("Nguyễn Thị Mẫu Con"), "birth_date": "2019-05-04", "sex": "female"},
            "numbers": {"social_insurance_number": number},
        }
        began = await cast.office.post("/records/v1/staff/participants", body, status=201, headers=cast.once())
        return str(began.body["participant_id"])


async def _not_yet(cast: Cast, child: str) -> None:
    with cast.report.step("to somebody who is not its guardian there is no such record"):
        await cast.second_phone.get(_page(child), status=404)


async def _appointed(cast: Cast, child: str) -> None:
    with cast.report.step("the officer appoints the citizen, who then reads the child's page"):
        body = {"guardian_id": cast.record.participant_id, "relation": "father"}
        await cast.office.post(_guardians(child), body, headers=cast.once())
        page = await see(cast.second_phone, _page(child), "the child's page is there", lambda _: True)
        expect(page.body["full_name"] == "Nguyễn Thị Mẫu Con", "it is the child's")


async def _ended(cast: Cast, child: str) -> None:
    with cast.report.step("when the charge ends, the record is closed to the guardian at once"):
        await cast.office.post(f"{_guardians(child)}/{cast.record.participant_id}/end", headers=cast.once())
        await cast.second_phone.get(_page(child), status=404)


def _page(child: str) -> str:
    return f"/records/v1/participants/{child}/person"


def _guardians(child: str) -> str:
    return f"/records/v1/staff/participants/{child}/guardians"
