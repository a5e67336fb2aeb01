"""What a guest sees: the own number, after some work; not a record, which leads to registration."""

from datetime import datetime

from ansinh_kit.human_check.port import Challenge
from ansinh_kit.human_check.proof_of_work import solve

from devtools.story.cast import Cast, problem_code
from devtools.story.report import expect

_PARTS = (
    *("person", "participation", "participation/social", "unpaid", "benefits/monthly", "card", "card/qr"),
    *("visits", "visits/2024", "readings", "disputes", "exports/book.pdf"),
)


async def tell(cast: Cast) -> None:
    cast.report.chapter("10. Without an account")
    await _no_record(cast)
    await _number_after_work(cast)
    await _dossier_after_work(cast)


async def _no_record(cast: Cast) -> None:
    with cast.report.step("a guest reads no part of any record, and is led to registration"):
        for part in _PARTS:
            for path in (cast.record.own(part), cast.record.opened(part)):
                refused = await cast.guest.get(path, status=401)
                expect(problem_code(refused) == "session_required", f"{part} needs a session")
                expect("/registration/" in refused.body["register_at"], "the way to registration is shown")
    with cast.report.step("the device that was logged out reads nothing any more"):
        refused = await cast.first_phone.get(cast.record.own("person"), status=401)
        expect(problem_code(refused) == "session_replaced", "the problem is called session_replaced")


async def _number_after_work(cast: Cast) -> None:
    with cast.report.step("the own number can be looked up without an account, not without a proof of work"):
        question = {
            "full_name": "nguyen van mau",
            "province_code": "66",
            "marks": "without",
            "paper": {"kind": "citizen_id", "number": cast.citizen.citizen_number},
        }
        refused = await cast.guest.post("/records/v1/public/number", question, status=403)
        expect(problem_code(refused) == "human_check_required", "the problem is called human_check_required")
        found = await cast.guest.post("/records/v1/public/number", question, headers=await _proof(cast, "records"))
        expect(found.body["social_insurance_number"] == cast.citizen.social_insurance_number, "the number is found")


async def _dossier_after_work(cast: Cast) -> None:
    with cast.report.step("how far a dossier is can be looked up by its number and phone, and by no other phone"):
        path, question = "/registration/v1/public/dossiers", {"dossier_number": cast.dossier_number}
        asked = {**question, "phone": cast.citizen.phone}
        found = await cast.guest.post(path, asked, headers=await _proof(cast, "registration"))
        expect(found.body["dossier"]["status"] == "valid", "the dossier is valid")
        another = {**question, "phone": "0900000091"}
        missed = await cast.guest.post(path, another, headers=await _proof(cast, "registration"))
        expect(missed.body == {"dossier": None}, "nothing is told")


async def _proof(cast: Cast, service: str) -> dict[str, str]:
    given = (await cast.guest.post(f"/{service}/v1/public/challenges", status=201)).body
    challenge = Challenge(
        given["kind"], given["challenge"], given["difficulty_bits"], datetime.fromisoformat(given["expires_at"])
    )
    return {"Human-Proof": solve(challenge)}
