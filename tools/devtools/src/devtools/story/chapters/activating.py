"""The account is opened; its holder activates it with a code asked for, and logs in."""

from devtools.story.cast import Cast, problem_code, problem_fields
from devtools.story.report import expect


async def tell(cast: Cast) -> None:
    cast.report.chapter("3. The account")
    await _told(cast)
    await _not_before_activation(cast)
    await _activate(cast)
    await _log_in(cast)


async def _told(cast: Cast) -> None:
    with cast.report.step("the approval arrives by SMS, without any secret, and by e-mail with an activation link"):
        # The receipt of the correction names the dossier too, and may be late.
        approval = f"{cast.dossier_number} hop le"
        sms = await cast.mailbox.next_for(cast.citizen.phone_e164, after=cast.mail_mark, saying=approval)
        expect("http" not in sms.text and "act_" not in sms.text, "the SMS has neither link nor secret")
        mail = await cast.mailbox.next_for(cast.citizen.email, after=cast.mail_mark, saying="act_")
        cast.saw(mail.activation_token())


async def _not_before_activation(cast: Cast) -> None:
    with cast.report.step("before the activation nobody can log in"):
        await cast.first_phone.post("/auth/v1/sessions", _log_in_body(cast, "phone"), status=401)


async def _activate(cast: Cast) -> None:
    with cast.report.step("the citizen asks for a code, which comes by SMS"):
        mark = await cast.mailbox.last_number()
        facts = {
            "social_insurance_number": cast.citizen.social_insurance_number,
            "dossier_number": cast.dossier_number,
        }
        started = await cast.first_phone.post("/auth/v1/activation/start", facts, status=202)
        sms = await cast.mailbox.next_for(cast.citizen.phone_e164, after=mark, saying="ma kich hoat")
        body = {"challenge_id": started.body["challenge_id"], "code": cast.saw(sms.code())}
    with cast.report.step("a password that is too short is refused with the reason"):
        short = await cast.first_phone.post("/auth/v1/activation/complete", body | {"password": "ngắn quá"}, status=422)
        expect("password" in problem_fields(short), "the password is named")
    with cast.report.step("with code and password the account is activated"):
        await cast.first_phone.post("/auth/v1/activation/complete", body | {"password": cast.citizen.password})
    with cast.report.step("the same code is good for nothing a second time"):
        again = body | {"password": f"{cast.citizen.password}!"}
        await cast.first_phone.post("/auth/v1/activation/complete", again, status=409)


async def _log_in(cast: Cast) -> None:
    with cast.report.step("a wrong password and an unknown number get the same answer"):
        wrong = await cast.first_phone.post(
            "/auth/v1/sessions", _log_in_body(cast, "phone") | {"password": "không phải mật khẩu này"}, status=401
        )
        unknown = await cast.first_phone.post(
            "/auth/v1/sessions", _log_in_body(cast, "phone") | {"user_name": "0000000000"}, status=401
        )
        expect(problem_code(wrong) == problem_code(unknown), "one code for both")
    with cast.report.step("the citizen logs in on a phone"):
        opened = await cast.first_phone.post("/auth/v1/sessions", _log_in_body(cast, "phone"), status=201)
        cast.first_phone.headers["Authorization"] = f"Bearer {cast.saw(opened.body['token'])}"
        expect(opened.body["first_log_in"] is True, "the first log-in is marked, so that the app can advise")
        me = await cast.first_phone.get("/auth/v1/me")
        expect(me.body["full_name"] == cast.citizen.full_name, "the session is the citizen's")


def _log_in_body(cast: Cast, kind: str) -> dict[str, object]:
    return {
        "user_name": cast.citizen.social_insurance_number,
        "password": cast.citizen.password,
        "device": {"kind": kind, "name": f"Máy thử {kind}"},
    }
