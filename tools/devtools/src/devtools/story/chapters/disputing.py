"""The citizen reports an error; an officer opens the record with a reason, answers, and settles it."""

from typing import Any
from urllib.parse import quote

from devtools.story import career
from devtools.story.browser import Answer
from devtools.story.cast import Cast, problem_code
from devtools.story.report import expect
from devtools.story.waiting import see

_WORDS = "Tôi vào làm ở đơn vị đầu tiên từ tháng 07/2017, không phải 01/2018."
_REASON = "Kiểm tra phản ánh của người tham gia về thời gian đóng."
_ANSWER = "Cơ quan đã đối chiếu hồ sơ gốc của đơn vị."
_OUTCOME = "Đã điều chỉnh thời gian tham gia theo hồ sơ gốc."


async def tell(cast: Cast) -> None:
    cast.report.chapter("8. An error is reported")
    dispute = await _report(cast)
    await _queue(cast, dispute)
    await _not_without_reason(cast)
    opening = await _open_record(cast)
    await _read_under_opening(cast, opening, dispute)
    await _answer(cast, dispute)
    await _correct(cast)
    await _settle(cast, dispute)
    await _outcome_seen(cast, dispute)
    await _readings_seen(cast)


async def _report(cast: Cast) -> str:
    with cast.report.step("the citizen reports an error, once, however often the button is tapped"):
        period_id = cast.record.period_ids[career.AT_FIRST.first]
        body = {"subject": "period", "reference": period_id, "words": cast.told(_WORDS)}
        tap = cast.once()
        first, second = [
            (await cast.second_phone.post(cast.record.own("disputes"), body, status=201, headers=tap)).body
            for _ in range(2)
        ]
        expect(first == second, "one dispute, one number")
        expect(first["state"] == "opened" and bool(first["due_at"]), "it is open, and the answer has a due date")
        return str(first["dispute_id"])


async def _queue(cast: Cast, dispute: str) -> None:
    with cast.report.step("the managing agency finds it in its queue, where nobody is named or quoted"):
        queue = await see(
            cast.office,
            "/records/v1/staff/disputes?limit=100",
            "the queue has the dispute",
            lambda answer: _find(answer, dispute) is not None,
        )
        expect(_WORDS not in repr(_find(queue, dispute)), "the words are not in the queue")
    with cast.report.step("another agency's queue does not have it"):
        queue = await cast.other_office.get("/records/v1/staff/disputes?limit=100")
        expect(_find(queue, dispute) is None, "it is not there")


async def _not_without_reason(cast: Cast) -> None:
    with cast.report.step("without an opening an officer reads nothing, and none is given without a reason in words"):
        refused = await cast.office.get(cast.record.opened("person"), status=403)
        expect(problem_code(refused) == "opening_required", "the problem is called opening_required")
        await cast.office.post("/records/v1/staff/openings", _opening(cast, "..."), status=422, headers=cast.once())
    with cast.report.step("an officer of another agency is given none"):
        body = _opening(cast, _REASON)
        await cast.other_office.post("/records/v1/staff/openings", body, status=404, headers=cast.once())


async def _open_record(cast: Cast) -> dict[str, str]:
    with cast.report.step("the officer opens the record with a reason, for a limited time"):
        body = _opening(cast, cast.told(_REASON))
        opened = await cast.office.post("/records/v1/staff/openings", body, status=201, headers=cast.once())
        expect(bool(opened.body["closes_at"]), "it closes by itself")
        return {"Record-Opening": str(opened.body["opening_id"])}


async def _read_under_opening(cast: Cast, opening: dict[str, str], dispute: str) -> None:
    with cast.report.step("under it the officer reads the person and the dispute"):
        page = await cast.office.get(cast.record.opened("person"), headers=opening)
        expect(page.body["full_name"] == cast.citizen.full_name, "the record is the citizen's")
        shown = await cast.office.get(cast.record.opened(f"disputes/{dispute}"), headers=opening)
        expect(shown.body["words"] == _WORDS, "the citizen's words are there")
    with cast.report.step("health data is not among what it opens"):
        refused = await cast.office.get(cast.record.opened("visits"), status=403, headers=opening)
        expect(problem_code(refused) == "opening_too_narrow", "the problem is called opening_too_narrow")
    with cast.report.step("the opening is good for nobody else"):
        await cast.other_office.get(cast.record.opened("person"), status=404, headers=opening)


async def _answer(cast: Cast, dispute: str) -> None:
    with cast.report.step("the officer takes the dispute and answers; the citizen is told by SMS, without the words"):
        cast.mail_mark = await cast.mailbox.last_number()
        taken = await cast.office.post(f"{_staff(dispute)}/assignment", headers=cast.once())
        on_version = {"If-Match": taken.etag, **cast.once()}
        body = {"answer": cast.told(_ANSWER)}
        answered = await cast.office.post(f"{_staff(dispute)}/answer", body, headers=on_version)
        sms = await cast.mailbox.next_for(
            cast.citizen.phone_e164, after=cast.mail_mark, saying=str(answered.body["number"])
        )
        expect(_ANSWER not in sms.text, "the answer is read in the record, not in the SMS")
        cast.version = answered.etag


async def _correct(cast: Cast) -> None:
    total = cast.record.own("participation/social")
    with cast.report.step(f"the officer corrects the period, and the total becomes {career.CORRECTED_TEXT}"):
        said_before = (await cast.second_phone.get(total)).body["rows"][-1]["since"]
        period_id = cast.record.period_ids[career.AT_FIRST.first]
        path = cast.record.fed(f"periods/{period_id}/corrections")
        await cast.office.post(path, career.AT_FIRST_CORRECTED.row(), headers=cast.once())
        await see(
            cast.second_phone,
            total,
            f"the total is {career.CORRECTED_TEXT}",
            lambda answer: _total(answer) == career.CORRECTED_TEXT,
        )
    with cast.report.step(
        f"asked as of before, the total is {career.TOTAL_TEXT} still, and the period shows both versions"
    ):
        before = await cast.second_phone.get(f"{total}?as_of={quote(said_before)}")
        expect(_total(before) == career.TOTAL_TEXT, f"{career.TOTAL_TEXT}, not {_total(before)}")
        shown = await cast.second_phone.get(f"{total}/periods/{period_id}")
        months = [version["content"]["from_label"] for version in shown.body["versions"]]
        expect(months == ["07/2017", "01/2018"], f"07/2017 after 01/2018, not {months}")


async def _settle(cast: Cast, dispute: str) -> None:
    with cast.report.step("the officer settles it: the record was corrected"):
        body = {"outcome": "corrected", "answer": cast.told(_OUTCOME)}
        on_version = {"If-Match": cast.version, **cast.once()}
        await cast.office.post(f"{_staff(dispute)}/settlement", body, headers=on_version)
    with cast.report.step("what is settled stays settled"):
        again = {"If-Match": cast.version, **cast.once()}
        await cast.office.post(f"{_staff(dispute)}/settlement", body, status=412, headers=again)


async def _outcome_seen(cast: Cast, dispute: str) -> None:
    with cast.report.step("the citizen sees the time line, with the answers"):
        shown = (await cast.second_phone.get(cast.record.own(f"disputes/{dispute}"))).body
        steps = [entry["step"] for entry in shown["time_line"]]
        expect(steps == ["opened", "assigned", "answered", "corrected"], f"opened to corrected, not {steps}")
        answers = [entry["answer"] for entry in shown["time_line"] if entry["answer"]]
        expect(answers == [_ANSWER, _OUTCOME], "both answers are there")


async def _readings_seen(cast: Cast) -> None:
    with cast.report.step("the citizen sees who read the record, why, and what"):
        readings = await see(
            cast.second_phone,
            cast.record.own("readings"),
            "the opening is shown with what was read under it",
            lambda answer: {"person", "disputes"} <= _parts_read(answer),
        )
        (opening,) = readings.body["openings"]
        expect(opening["reason"] == _REASON, "the reason is the officer's")
        expect(opening["agency_code"] == cast.officer.agency_code, "the agency is named")


def _total(participation: Answer) -> str:
    return str(participation.body["summary"]["total"]["text"]["vi"])


def _opening(cast: Cast, reason: str) -> dict[str, str]:
    return {"participant_id": cast.record.participant_id, "scope": "record", "reason": reason}


def _staff(dispute: str) -> str:
    return f"/records/v1/staff/disputes/{dispute}"


def _find(queue: Answer, dispute: str) -> dict[str, Any] | None:
    return next((entry for entry in queue.body["disputes"] if entry["dispute_id"] == dispute), None)


def _parts_read(readings: Answer) -> set[str]:
    return {read["part"] for opening in readings.body["openings"] for read in opening["reads"]}
