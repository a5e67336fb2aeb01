"""A guest fills in a declaration, by hand and by scanning cards, and sends it."""

import asyncio

from devtools.story.cast import Cast, problem_code, problem_fields
from devtools.story.photos import card, portrait
from devtools.story.report import expect

_PHOTOS = ("portrait", "identity_front", "identity_back")


async def tell(cast: Cast) -> None:
    cast.report.chapter("1. A citizen declares")
    await _look_up_agency(cast)
    await _scan_cards(cast)
    await _start_draft(cast)
    await _wrong_entries(cast)
    await _fill_in(cast)
    await _not_yet_complete(cast)
    await _photos(cast)
    await _submit_twice(cast)
    await _receipt(cast)
    await _guest_rights(cast)


async def _look_up_agency(cast: Cast) -> None:
    with cast.report.step("the list of agencies is open to everyone"):
        agencies = (await cast.guest.get("/registration/v1/agencies")).body["agencies"]
        codes = {agency["code"] for agency in agencies}
        expect(cast.officer.agency_code in codes, "the receiving agency is in the list")


async def _scan_cards(cast: Cast) -> None:
    with cast.report.step("scanning the citizen card fills in number, name and address"):
        read = (await cast.guest.post("/registration/v1/qr/read", {"payload": cast.citizen.citizen_card()})).body
        expect(read["identity"] == {"kind": "citizen_id", "number": cast.citizen.citizen_number}, "identity number")
        expect(read["full_name"] == cast.citizen.full_name, "full name")
    with cast.report.step("scanning the health card fills in the social insurance number"):
        read = (await cast.guest.post("/registration/v1/qr/read", {"payload": cast.citizen.health_card()})).body
        expect(read["social_insurance_number"] == cast.citizen.social_insurance_number, "social insurance number")
    with cast.report.step("a code that is no card is refused in words"):
        refused = await cast.guest.post("/registration/v1/qr/read", {"payload": "https://example.com"}, status=422)
        expect(problem_code(refused) == "qr_unreadable", "the problem is called qr_unreadable")


async def _start_draft(cast: Cast) -> None:
    with cast.report.step("a draft is started, with a token only this device has"):
        started = (await cast.guest.post("/registration/v1/declarations", {"language": "vi"}, status=201)).body
        cast.declaration_id = started["declaration_id"]
        cast.guest.headers["Declaration-Token"] = cast.saw(started["declaration_token"])


async def _wrong_entries(cast: Cast) -> None:
    with cast.report.step("wrong entries are named with field, rule and words in two languages"):
        wrong = _form(cast) | {"social_insurance_number": "12345", "phone": "0123", "email": "nobody"}
        refused = await cast.guest.put(cast.declaration_path, wrong, status=422)
        expect({"social_insurance_number", "phone", "email"} <= problem_fields(refused), "the three fields are named")
        messages = [error["message"] for error in refused.body["errors"]]
        expect(all(message["vi"] and message["en"] for message in messages), "both languages are there")


async def _fill_in(cast: Cast) -> None:
    with cast.report.step("the form is filled in"):
        cast.form = _form(cast)
        cast.version = (await cast.guest.put(cast.declaration_path, cast.form)).etag


async def _not_yet_complete(cast: Cast) -> None:
    with cast.report.step("without photos it cannot be sent, and the missing ones are named"):
        refused = await cast.guest.post(f"{cast.declaration_path}/submit", status=422, headers=cast.once())
        expect(set(_PHOTOS) <= problem_fields(refused), "the three photos are named")


async def _photos(cast: Cast) -> None:
    with cast.report.step("what is no photo is refused"):
        path = f"{cast.declaration_path}/photos/portrait"
        await cast.guest.put_photo(path, b"GIF89a this is no photo", status=422)
    with cast.report.step("three photos are uploaded"):
        for seed, kind in enumerate(_PHOTOS):
            picture = portrait(seed=seed) if kind == "portrait" else card(kind, seed=seed)
            cast.version = (await cast.guest.put_photo(f"{cast.declaration_path}/photos/{kind}", picture)).etag


async def _submit_twice(cast: Cast) -> None:
    with cast.report.step("a double tap on [Gửi] makes one declaration with one dossier number"):
        cast.mail_mark = await cast.mailbox.last_number()
        tap = cast.once()
        first, second = await asyncio.gather(
            *[cast.guest.post(f"{cast.declaration_path}/submit", headers=tap) for _ in range(2)]
        )
        expect(first.body["dossier_number"] == second.body["dossier_number"], "one dossier number")
        expect(first.body["due_at"] is not None, "the due time is shown")
        cast.dossier_number = first.body["dossier_number"]
        cast.version = first.etag


async def _receipt(cast: Cast) -> None:
    with cast.report.step("the receipt arrives by SMS and e-mail, each once"):
        for target in (cast.citizen.phone_e164, cast.citizen.email):
            await cast.mailbox.next_for(target, after=cast.mail_mark, saying=cast.dossier_number)
            count = len(await cast.mailbox.all_for(target, after=cast.mail_mark))
            expect(count == 1, f"one message, not {count}")


async def _guest_rights(cast: Cast) -> None:
    with cast.report.step("a stranger without the token sees nothing of it"):
        await cast.first_phone.get(cast.declaration_path, status=404)


def _form(cast: Cast) -> dict[str, object]:
    citizen = cast.citizen
    return {
        "subject_kind": "individual",
        "social_insurance_number": citizen.social_insurance_number,
        "full_name": citizen.full_name,
        "identity": {"kind": "citizen_id", "number": citizen.citizen_number},
        "address": {
            "layout": "without_districts",
            "province_code": "66",
            "ward_code": "24133",
            "street": "Số 1, Phố Thử Nghiệm",
        },
        "phone": citizen.phone,
        "email": citizen.email,
        "send_by_email": True,
        "agency_code": cast.officer.agency_code,
        "paper_delivery": "counter",
        "pledge_accepted": True,
    }
