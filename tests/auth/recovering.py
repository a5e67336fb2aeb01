"""People who forgot their password, as tests of recovery see them."""

from dataclasses import dataclass

from ansinh_kit.human_check.port import Challenge
from ansinh_kit.human_check.proof_of_work import solve
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_guest, an_officer

from tests.auth.service import NUMBER, AuthService, citizen_of

IDENTITY = "066185000001"
NEW_PASSWORD = "mưa rào tháng bảy trên sông"
OFFICER = an_officer(account_id="s" * 32, agency_code="06601")
PAPERS = {"social_insurance_number": NUMBER, "identity_number": IDENTITY}


@dataclass(frozen=True)
class Begun:
    """What the device that began the recovery holds."""

    recovery_id: str
    token: str
    reference: str


async def proof(auth: AuthService) -> str:
    given = (await auth.post("/v1/public/challenges")).json()
    challenge = Challenge(given["kind"], given["challenge"], given["difficulty_bits"], auth.clock.now())
    return solve(challenge)


async def ask(auth: AuthService, *, address: str = "203.0.113.1", **changes: str) -> HttpAnswer:
    """Begin a recovery; the work behind the answer is not done yet."""
    headers = {"X-Forwarded-For": address, "Human-Proof": await proof(auth)}
    body = {**PAPERS, **changes}
    return await auth.client.request("POST", "/v1/recoveries", caller=a_guest(), json_body=body, headers=headers)


async def prepare(auth: AuthService) -> None:
    await auth.use_cases.recovery.prepare.prepare_waiting()
    await auth.send_secrets()


async def begin(auth: AuthService, **changes: str) -> Begun:
    answer = await ask(auth, **changes)
    assert answer.status == 202, answer.body
    await prepare(auth)
    body = answer.json()
    return Begun(body["recovery_id"], body["token"], body["counter_reference"])


async def complete(auth: AuthService, begun: Begun, **proofs: str) -> HttpAnswer:
    body = {"token": begun.token, "password": NEW_PASSWORD, **proofs}
    return await auth.post(f"/v1/recoveries/{begun.recovery_id}/complete", body)


async def saved_codes(auth: AuthService, password: str) -> list[str]:
    """Let the holder log in, make a list of saved codes, and log out again."""
    session = await auth.log_in(password=password)
    caller = citizen_of(session)
    made = await auth.post("/v1/me/saved-codes", {"password": password}, caller=caller)
    assert made.status == 201, made.body
    await auth.client.request("DELETE", "/v1/sessions/current", caller=caller)
    return list(made.json()["codes"])


async def approve(auth: AuthService, begun: Begun, **changes: str) -> HttpAnswer:
    body = {**PAPERS, "counter_reference": begun.reference, "reason": "phone_lost", "paper": "citizen_id", **changes}
    return await auth.post("/v1/staff/accounts/recovery", body, caller=OFFICER)
