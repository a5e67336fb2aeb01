"""The agency finds the record that the declaration linked to the account, and the citizen sees the personal page."""

from urllib.parse import quote

from devtools.story.cast import Cast
from devtools.story.report import expect
from devtools.story.waiting import see

_BIRTH_DATE = "1990-03-17"


async def tell(cast: Cast) -> None:
    cast.report.chapter("5. The record")
    await _linked(cast)
    await _another_agency(cast)
    await _completed(cast)
    await _personal_page(cast)


async def _linked(cast: Cast) -> None:
    with cast.report.step("the valid declaration has linked a record to the account"):
        page = await see(cast.second_phone, cast.record.own("person"), "a personal page is there", lambda _: True)
        cast.record.participant_id = page.body["participant_id"]
        _expect_numbers(cast, page.body)
    with cast.report.step("the page has the e-mail and the address of the declaration: the agency's news go there"):
        expect(page.body["email"] == cast.citizen.email, "the e-mail is the one of the declaration")
        expect(
            page.body["address"].startswith(cast.form["address"]["street"]), "the address is the one of the declaration"
        )
    with cast.report.step("an officer of the managing agency finds it by the number"):
        number = {"kind": "social_insurance_number", "number": cast.citizen.social_insurance_number}
        found = await cast.office.post("/records/v1/staff/participants/find", number)
        expect(found.body["participant_id"] == cast.record.participant_id, "the number leads to this record")


async def _another_agency(cast: Cast) -> None:
    with cast.report.step("to an officer of another agency there is no such record"):
        number = {"kind": "social_insurance_number", "number": cast.citizen.social_insurance_number}
        await cast.other_office.post("/records/v1/staff/participants/find", number, status=404)
        body = {"address": "Số 9, Phố Thử Nghiệm"}
        await cast.other_office.post(cast.record.fed("contact"), body, status=404, headers=cast.once())


async def _completed(cast: Cast) -> None:
    with cast.report.step("the officer changes the address, then birth date and sex, on the version just seen"):
        contact = {
            "address": cast.told("Số 2, Phố Thử Nghiệm, Buôn Ma Thuột"),
            "phone": cast.citizen.phone,
            "email": cast.citizen.email,
        }
        seen = await cast.office.post(cast.record.fed("contact"), contact, headers=cast.once())
        identity = {"full_name": cast.citizen.full_name, "birth_date": cast.told(_BIRTH_DATE), "sex": "male"}
        on_version = {"If-Match": seen.etag, **cast.once()}
        await cast.office.post(cast.record.fed("identity"), identity, headers=on_version)
    with cast.report.step("a correction on a version that is no more is refused"):
        stale = {"If-Match": seen.etag, **cast.once()}
        await cast.office.post(cast.record.fed("identity"), identity, status=412, headers=stale)


async def _personal_page(cast: Cast) -> None:
    with cast.report.step("the personal page shows who it is, each value with since when it holds and by which event"):
        page = await see(
            cast.second_phone,
            cast.record.own("person"),
            f"the birth date is {_BIRTH_DATE}",
            lambda answer: bool(answer.body["birth_date"] == _BIRTH_DATE),
        )
        _expect_numbers(cast, page.body)
        expect(page.body["full_name"] == cast.citizen.full_name, "the name is there")
        expect(
            page.body["standing"]["birth_date"]["event_id"] != page.body["standing"]["phone"]["event_id"], "two events"
        )
    with cast.report.step("as of before, the page says what it said then"):
        known_since = quote(page.body["standing"]["agency_code"]["since"])
        before = await cast.second_phone.get(f"{cast.record.own('person')}?as_of={known_since}")
        expect(before.body["birth_date"] is None, "the birth date was not known then")
        expect(before.body["address"] != page.body["address"], "the address was the one of the declaration")
        await cast.second_phone.get(f"{cast.record.own('person')}?as_of=2020-01-01", status=404)


def _expect_numbers(cast: Cast, page: dict[str, object]) -> None:
    expect(page["social_insurance_number"] == cast.citizen.social_insurance_number, "the number is the citizen's")
    paper = {"kind": "citizen_id", "number": cast.citizen.citizen_number}
    expect(page["papers"] == [paper], "the citizen card's number is there")
