"""An officer rejects, the citizen corrects, the officer finds it valid."""

import asyncio
import time

from devtools.story.browser import Answer
from devtools.story.cast import Cast, problem_code
from devtools.story.report import expect
from devtools.story.staff import log_in_officer
from devtools.story.waiting import see

_QUEUE_SECONDS = 5
_QUEUE_LOOK_SECONDS = 0.1
_REASON = "Số nhà trên giấy tờ khác với tờ khai."


async def tell(cast: Cast) -> None:
    cast.report.chapter("2. The agency decides")
    await _log_in_staff(cast)
    await _another_agency(cast)
    await _claim(cast)
    await _look(cast)
    await _reject(cast)
    await _told_why(cast)
    await _correct(cast)
    await _find_valid(cast)


async def _log_in_staff(cast: Cast) -> None:
    with cast.report.step("officers log in with password and authenticator; without it they do not"):
        body = {"user_name": cast.officer.user_name, "password": cast.officer.password, "totp": "000000"}
        await cast.office.post("/auth/v1/staff/sessions", body, status=401)
        await log_in_officer(cast.office, cast.officer, cast.saw)
        await log_in_officer(cast.other_office, cast.stranger, cast.saw)


async def _another_agency(cast: Cast) -> None:
    with cast.report.step("an officer of another agency neither finds nor claims it"):
        await cast.other_office.get(cast.officer_path, status=404)
        await cast.other_office.post(f"{cast.officer_path}/claim", status=404, headers=cast.once())


async def _claim(cast: Cast) -> None:
    with cast.report.step("it waits in the agency's queue, and is claimed"):
        await _queue_entry(cast, changed_fields=[])
        claimed = await cast.office.post(f"{cast.officer_path}/claim", headers=cast.once())
        cast.version = claimed.etag


async def _look(cast: Cast) -> None:
    with cast.report.step("the officer sees form, checks and photos; looking needs a purpose"):
        shown = await cast.office.get(cast.officer_path)
        expect(shown.body["form"]["full_name"] == cast.citizen.full_name, "the form is readable")
        photo = f"{cast.officer_path}/photos/identity_front"
        await cast.office.get(photo, status=422)
        picture = await cast.office.get(f"{photo}?purpose=compare_with_form")
        expect(picture.headers["Content-Type"] == "image/jpeg", "the photo is a JPEG")
        cast.version = (await cast.office.get(cast.officer_path)).etag


async def _reject(cast: Cast) -> None:
    with cast.report.step("without a reason it cannot be rejected"):
        await _decide(cast, {"decision": "rejected", "reasons": []}, status=422)
    with cast.report.step("the officer rejects, naming the address"):
        cast.mail_mark = await cast.mailbox.last_number()
        reason = {"field": "address", "code": "does_not_match_papers", "text": _REASON}
        await _decide(cast, {"decision": "rejected", "reasons": [reason]})


async def _told_why(cast: Cast) -> None:
    with cast.report.step("the citizen is told by SMS, and by e-mail with the reason"):
        await cast.mailbox.next_for(cast.citizen.phone_e164, after=cast.mail_mark, saying=cast.dossier_number)
        await cast.mailbox.next_for(cast.citizen.email, after=cast.mail_mark, saying=_REASON)
    with cast.report.step("the declaration shows the reason at its field"):
        shown = await cast.guest.get(cast.declaration_path)
        expect(shown.body["status"] == "rejected", "the status is rejected")
        expect([reason["field"] for reason in shown.body["reasons"]] == ["address"], "one reason, at the address")
        cast.version = shown.etag


async def _correct(cast: Cast) -> None:
    with cast.report.step("only what was rejected can be corrected"):
        other = cast.form | {"full_name": "Trần Thị Thử"}
        refused = await cast.guest.put(cast.declaration_path, other, status=409)
        expect(bool(problem_code(refused)), "the problem has a code")
    with cast.report.step("the address is corrected and the declaration sent again, same dossier number"):
        cast.form["address"] = {**cast.form["address"], "street": "Số 2, Phố Thử Nghiệm"}
        await cast.guest.put(cast.declaration_path, cast.form)
        sent = await cast.guest.post(f"{cast.declaration_path}/resubmit", headers=cast.once())
        expect(sent.body["dossier_number"] == cast.dossier_number, "the dossier number stays")


async def _find_valid(cast: Cast) -> None:
    with cast.report.step("the officer sees what changed, and only that"):
        await _queue_entry(cast, changed_fields=["address"])
        cast.version = (await cast.office.post(f"{cast.officer_path}/claim", headers=cast.once())).etag
    with cast.report.step("a decision on a stale version is refused"):
        stale = {"If-Match": '"1"', **cast.once()}
        body = {"decision": "valid"}
        await cast.office.post(f"{cast.officer_path}/decision", body, status=412, headers=stale)
    with cast.report.step("the officer finds it valid"):
        cast.mail_mark = await cast.mailbox.last_number()
        await _decide(cast, {"decision": "valid"})
    with cast.report.step("a second approval is refused"):
        # Opening the account is noted on the declaration: on the version before that, the answer would be another one.
        noted = await see(cast.guest, cast.declaration_path, "the account is opened", _account_opened)
        cast.version = noted.etag
        await _decide(cast, {"decision": "valid"}, status=409)


async def _decide(cast: Cast, body: dict[str, object], *, status: int = 200) -> Answer:
    headers = {"If-Match": cast.version, **cast.once()}
    answer = await cast.office.post(f"{cast.officer_path}/decision", body, status=status, headers=headers)
    if answer.status == 200:  # noqa: PLR2004 - OK
        cast.version = answer.etag
    return answer


def _account_opened(declaration: Answer) -> bool:
    return bool(declaration.body["time_line"][-1]["step"] == "account_opened")


async def _queue_entry(cast: Cast, *, changed_fields: list[str]) -> None:
    """Look at the queue, and again until it shows the declaration so: read models follow within a second."""
    deadline = time.monotonic() + _QUEUE_SECONDS
    while True:
        queue = (await cast.office.get("/registration/v1/officer/queue?limit=100")).body["declarations"]
        entry = next((entry for entry in queue if entry["declaration_id"] == cast.declaration_id), None)
        if entry is not None and entry["changed_fields"] == changed_fields:
            return
        expect(time.monotonic() < deadline, f"the queue shows it with {changed_fields} changed, not {entry}")
        await asyncio.sleep(_QUEUE_LOOK_SECONDS)
