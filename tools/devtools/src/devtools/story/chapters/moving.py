"""A second device takes the account over, and the first one is out at once."""

from devtools.story.cast import Cast, problem_code
from devtools.story.report import expect


async def tell(cast: Cast) -> None:
    cast.report.chapter("4. One account, one device")
    take_over = await _warned(cast)
    code = await _code(cast, take_over)
    await _wrong_code(cast, take_over, code)
    await _taken_over(cast, take_over, code)
    await _first_device_out(cast)


async def _warned(cast: Cast) -> str:
    with cast.report.step("the second device is warned; the first stays in"):
        body = {
            "user_name": cast.citizen.social_insurance_number,
            "password": cast.citizen.password,
            "device": {"kind": "tablet", "name": "Máy thử tablet"},
        }
        warned = await cast.second_phone.post("/auth/v1/sessions", body, status=409)
        expect(problem_code(warned) == "session_exists", "the problem is called session_exists")
        await cast.first_phone.get("/auth/v1/sessions/current")
    return str(warned.body["take_over_id"])


async def _code(cast: Cast, take_over: str) -> str:
    with cast.report.step("going on sends a code to the registered phone"):
        mark = await cast.mailbox.last_number()
        sent = await cast.second_phone.post(f"/auth/v1/take-overs/{take_over}/code", status=202)
        expect(cast.citizen.phone[3:-3] not in sent.body["masked_phone"], "the phone is masked")
        sms = await cast.mailbox.next_for(cast.citizen.phone_e164, after=mark, saying="ma dang nhap")
        return cast.saw(sms.code())


async def _wrong_code(cast: Cast, take_over: str, code: str) -> None:
    with cast.report.step("a wrong code changes nothing"):
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        await cast.second_phone.post(f"/auth/v1/take-overs/{take_over}/confirm", {"code": wrong}, status=409)
        await cast.first_phone.get("/auth/v1/sessions/current")


async def _taken_over(cast: Cast, take_over: str, code: str) -> None:
    with cast.report.step("with the right code the second device is in"):
        cast.mail_mark = await cast.mailbox.last_number()
        path = f"/auth/v1/take-overs/{take_over}/confirm"
        opened = await cast.second_phone.post(path, {"code": code}, status=201)
        cast.second_phone.headers["Authorization"] = f"Bearer {cast.saw(opened.body['token'])}"


async def _first_device_out(cast: Cast) -> None:
    with cast.report.step("the first device's next call is refused, and says why"):
        out = await cast.first_phone.get("/auth/v1/sessions/current", status=401)
        expect(problem_code(out) == "session_replaced", "the problem is called session_replaced")
        expect(out.body["new_device_kind"] == "tablet", "the kind of the new device is told")
        await cast.second_phone.get("/auth/v1/sessions/current")
    with cast.report.step("every contact is told of the new device"):
        await cast.mailbox.next_for(cast.citizen.phone_e164, after=cast.mail_mark)
        await cast.mailbox.next_for(cast.citizen.email, after=cast.mail_mark)
