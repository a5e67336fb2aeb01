"""Every request with a session asks auth; without a clear yes from after its beginning, nobody gets in."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from ansinh_contracts.session_check import hash_token
from ansinh_kit.http.assertion import AssertionVerifier
from gateway.cookie_guard import csrf_token

from tests.eventually import eventually
from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.fake_auth import Behaviour
from tests.gateway.raw_client import exchange, request

ME = "/api/auth/v1/me"
CURRENT = "/api/auth/v1/sessions/current"
QUEUE = "/api/registration/v1/officer/queue"
AGENCIES = "/api/registration/v1/agencies"

NewToken = Callable[[], str]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def status_and_code(edges: Edges, path: str, headers: dict[str, str]) -> tuple[int, str | None]:
    async with edges.http.get(edges.url(path), headers=headers) as response:
        return response.status, (await response.json(content_type=None)).get("code")


@pytest.mark.sec("SEC-51")
@pytest.mark.sec("SES-08")
async def test_a_valid_session_arrives_as_who_it_is(
    edges: Edges, new_token: NewToken, verify: Callable[[str], AssertionVerifier]
) -> None:
    token = new_token()
    edges.auth.open_session(token, kind="staff", roles=["officer"], agency_code="01")
    assert (await status_and_code(edges, QUEUE, bearer(token)))[0] == 200
    assertion = edges.service.last.header("internal-assertion")
    assert assertion is not None
    caller = verify("registration").verify(assertion)
    assert (caller.kind, caller.account_id, caller.roles, caller.agency_code, caller.epoch) == (
        "staff",
        "account-1",
        ("officer",),
        "01",
        1,
    )
    assert token not in str(edges.service.last.headers)
    assert edges.auth.questions == [[hash_token(token)]]


@pytest.mark.sec("SEC-20")
async def test_an_authenticated_answer_is_never_stored(edges: Edges, new_token: NewToken) -> None:
    token = new_token()
    edges.auth.open_session(token)
    async with edges.http.get(edges.url(ME), headers=bearer(token)) as response:
        assert response.headers["Cache-Control"] == "no-store"


async def test_a_session_of_another_kind_is_forbidden(edges: Edges, new_token: NewToken) -> None:
    token = new_token()
    edges.auth.open_session(token, kind="citizen")
    assert await status_and_code(edges, QUEUE, bearer(token)) == (403, "caller_not_allowed")
    assert edges.service.arrived == []


@pytest.mark.parametrize("state", ["unknown", "expired"])
async def test_a_session_that_is_over_is_answered_401(edges: Edges, new_token: NewToken, state: str) -> None:
    token = new_token()
    edges.auth.knows(token, state=state)
    assert await status_and_code(edges, ME, bearer(token)) == (401, "session_required")


@pytest.mark.sec("SES-12")
@pytest.mark.parametrize(
    ("reason", "said"),
    [("locked", "Tài khoản đã bị khóa"), ("password_changed", "Mật khẩu đã được đổi")],
)
async def test_a_session_that_was_ended_hears_why_and_when(
    edges: Edges, new_token: NewToken, reason: str, said: str
) -> None:
    token = new_token()
    edges.auth.knows(token, state="expired", reason=reason, ended_at="2026-03-02T02:05:00Z")
    async with edges.http.get(edges.url(ME), headers=bearer(token)) as response:
        problem = await response.json(content_type="application/problem+json")
    assert (response.status, problem["code"], problem["reason"]) == (401, "session_ended", reason)
    assert f"{said} lúc 09:05 02/03/2026" in problem["message"]["vi"]


@pytest.mark.parametrize("reason", ["logged_out", "expired"])
async def test_whoever_logged_out_or_stayed_away_is_asked_to_log_in_and_no_more(
    edges: Edges, new_token: NewToken, reason: str
) -> None:
    token = new_token()
    edges.auth.knows(token, state="expired", reason=reason, ended_at="2026-03-02T02:05:00Z")
    assert await status_and_code(edges, ME, bearer(token)) == (401, "session_required")


@pytest.mark.req("S-52")
async def test_a_replaced_session_hears_when_and_by_what_kind_of_device(edges: Edges, new_token: NewToken) -> None:
    token = new_token()
    edges.auth.replace_session(token)
    async with edges.http.get(edges.url(ME), headers=bearer(token)) as response:
        problem = await response.json(content_type="application/problem+json")
    assert response.status == 401
    assert problem["code"] == "session_replaced"
    assert problem["new_device_kind"] == "phone"
    assert problem["replaced_at"] == "2026-03-02T02:05:00+00:00"
    assert "điện thoại lúc 09:05 02/03/2026" in problem["message"]["vi"]
    assert "a phone at 09:05 02/03/2026" in problem["message"]["en"]


GOOD = "sit_" + "A" * 43


@pytest.mark.sec("SES-14")
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([], id="none"),
        pytest.param(["Authorization: "], id="empty"),
        pytest.param(["Authorization: Bearer"], id="scheme only"),
        pytest.param(["Authorization: Bearer "], id="scheme and space"),
        pytest.param([f"Authorization: Basic {GOOD}"], id="another scheme"),
        pytest.param([f"Authorization: {GOOD}"], id="no scheme"),
        pytest.param([f"Authorization: Bearer Bearer {GOOD}"], id="Bearer twice"),
        pytest.param([f"Authorization: Bearer {GOOD}", f"Authorization: Bearer {GOOD}"], id="two headers"),
        pytest.param([f"Authorization: Bearer {GOOD}, Bearer {GOOD}"], id="two in one header"),
        pytest.param([f"Authorization: Bearer {GOOD}", f"Cookie: __Host-session={GOOD}"], id="header and cookie"),
        pytest.param([f"Cookie: __Host-session={GOOD}; __Host-session={GOOD}"], id="two cookies"),
        pytest.param([f"Cookie: __Host-session={GOOD}", f"Cookie: __Host-session={GOOD}"], id="two cookie headers"),
        pytest.param(["Cookie: __Host-session="], id="empty cookie"),
        pytest.param([f"Cookie: session={GOOD}"], id="another cookie"),
        pytest.param([f"Authorization: Bearer {GOOD}x"], id="one too long"),
        pytest.param([f"Authorization: Bearer {GOOD[:-1]}"], id="one too short"),
        pytest.param([f"Authorization: Bearer dct_{GOOD[4:]}"], id="a declaration's token"),
        pytest.param([f"Authorization: Bearer {GOOD[:-1]}\xe9"], id="not ASCII"),
        pytest.param([f"Authorization: Bearer {GOOD[:-1]}+"], id="not base64url"),
        pytest.param(["Authorization: Bearer " + "x" * 16000], id="as long as a header may be"),
    ],
)
async def test_a_hostile_token_is_answered_401_without_asking_auth(edges: Edges, headers: list[str]) -> None:
    answer = await exchange(edges.port, request("GET", ME, *headers))
    assert answer.statuses == [401]
    assert edges.auth.questions == []
    assert edges.service.arrived == []


@pytest.mark.sec("SES-14")
async def test_a_token_of_10_mb_is_cut_off(edges: Edges) -> None:
    head = b"GET " + ME.encode() + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
    answer = await exchange(edges.port, head, *[b"x" * 100_000] * 100)
    assert answer.statuses == [431]


@pytest.mark.sec("SES-07")
@pytest.mark.sec("LIM-19")
@pytest.mark.parametrize("behaviour", ["hangs", "garbled", "empty", "fails", "redirects", "silent_on_all", "endless"])
async def test_without_a_clear_answer_sessions_wait_and_guests_go_on(
    edges: Edges, new_token: NewToken, behaviour: Behaviour
) -> None:
    token = new_token()
    edges.auth.open_session(token)
    assert (await status_and_code(edges, ME, bearer(token)))[0] == 200
    edges.service.arrived.clear()
    edges.auth.behaviour = behaviour
    async with edges.http.get(edges.url(ME), headers=bearer(token)) as response:
        assert response.status == 503
        assert int(response.headers["Retry-After"]) >= 1
    assert edges.service.arrived == []
    assert (await status_and_code(edges, AGENCIES, bearer(token)))[0] == 200
    edges.auth.behaviour = "answers"
    assert (await status_and_code(edges, ME, bearer(token)))[0] == 200


@pytest.mark.sec("SES-07")
async def test_with_auth_gone_sessions_wait_and_guests_go_on(start_gateway: StartGateway, new_token: NewToken) -> None:
    async with start_gateway(auth_url="http://127.0.0.1:1") as edges:
        assert await status_and_code(edges, ME, bearer(new_token())) == (503, "session_check_unavailable")
        assert (await status_and_code(edges, AGENCIES, {}))[0] == 200


@pytest.fixture
async def patient_edges(start_gateway: StartGateway) -> AsyncIterator[Edges]:
    """A gateway that waits long for auth: what is tested is not how busy this machine is."""
    async with start_gateway(session_check_timeout_seconds=20.0) as started:
        yield started


@pytest.mark.sec("SES-05")
async def test_tokens_that_come_during_a_question_share_the_next_one(patient_edges: Edges, new_token: NewToken) -> None:
    edges, auth = patient_edges, patient_edges.auth
    tokens = [new_token() for _ in range(100)]
    for token in tokens:
        auth.open_session(token)
    auth.may_answer.clear()
    calls = [asyncio.create_task(status_and_code(edges, ME, bearer(tokens[0])))]
    await eventually(lambda: auth.questions)
    calls += [asyncio.create_task(status_and_code(edges, ME, bearer(token))) for token in tokens[1:]]
    await eventually(lambda: edges.gateway.sessions.waiting == 99)
    auth.may_answer.set()
    assert [status for status, _ in await asyncio.gather(*calls)] == [200] * 100
    assert [len(question) for question in auth.questions] == [1, 99]


@pytest.mark.req("S-51")
@pytest.mark.sec("SES-04")
async def test_no_request_begun_after_the_take_over_is_answered_200(patient_edges: Edges, new_token: NewToken) -> None:
    """500 take-overs under steady fire of the first device; the fake auth replaces a session in one step."""
    edges = patient_edges
    answers_after = set()
    answered_before = 0
    for _ in range(500):
        token = new_token()
        edges.auth.open_session(token)
        early = [asyncio.create_task(status_and_code(edges, ME, bearer(token))) for _ in range(2)]
        await asyncio.wait(early, return_when=asyncio.FIRST_COMPLETED)
        edges.auth.replace_session(token)  # from here the second device holds its answer
        late = [asyncio.create_task(status_and_code(edges, ME, bearer(token))) for _ in range(2)]
        answered_before += sum(status == 200 for status, _ in await asyncio.gather(*early))
        answers_after |= set(await asyncio.gather(*late))
    assert answers_after == {(401, "session_replaced")}
    assert answered_before >= 500


class TestCookies:
    """SES-13: a browser sends a cookie whoever asks it to."""

    @pytest.fixture
    def origin(self) -> str:
        return "https://ansinh.example"

    async def test_reading_needs_the_cookie_alone(self, edges: Edges, new_token: NewToken) -> None:
        token = new_token()
        edges.auth.open_session(token)
        assert (await status_and_code(edges, ME, {"Cookie": f"a=1; __Host-session={token}"}))[0] == 200

    @pytest.mark.sec("SES-13")
    async def test_a_change_needs_our_page_and_its_token(
        self, start_gateway: StartGateway, new_token: NewToken, origin: str
    ) -> None:
        token = new_token()
        cookie = {"Cookie": f"__Host-session={token}"}
        proof = {"X-CSRF-Token": csrf_token(token)}
        of_another = {"X-CSRF-Token": csrf_token(new_token())}
        async with start_gateway(origins=origin) as edges:
            edges.auth.open_session(token)
            outcomes = [
                await self._log_out(edges, cookie),
                await self._log_out(edges, cookie | {"Origin": origin}),
                await self._log_out(edges, cookie | {"Origin": origin} | of_another),
                await self._log_out(edges, cookie | {"Origin": "https://evil.example"} | proof),
                await self._log_out(edges, cookie | {"Origin": "null"} | proof),
                await self._log_out(edges, cookie | proof),
                await self._log_out(edges, cookie | {"Origin": origin} | proof),
            ]
        assert outcomes == [403, 403, 403, 403, 403, 403, 200]

    async def _log_out(self, edges: Edges, headers: dict[str, str]) -> int:
        async with edges.http.delete(edges.url(CURRENT), headers=headers) as response:
            return response.status


@pytest.mark.sec("LIM-15")
async def test_requests_above_a_sessions_rate_are_told_to_wait(
    start_gateway: StartGateway, new_token: NewToken
) -> None:
    async with start_gateway(session_requests_burst=3, session_requests_per_second=0.1) as edges:
        token, other = new_token(), new_token()
        edges.auth.open_session(token)
        edges.auth.open_session(other)
        statuses = [(await status_and_code(edges, ME, bearer(token)))[0] for _ in range(3)]
        async with edges.http.get(edges.url(ME), headers=bearer(token)) as response:
            assert (statuses, response.status, response.headers["Retry-After"]) == ([200] * 3, 429, "10")
        assert (await status_and_code(edges, ME, bearer(other)))[0] == 200


@pytest.mark.sec("LIM-15")
async def test_guesses_at_tokens_count_against_their_address(start_gateway: StartGateway, new_token: NewToken) -> None:
    async with start_gateway(guest_requests_burst=2, guest_requests_per_second=0.1) as edges:
        statuses = [(await status_and_code(edges, ME, bearer(new_token())))[0] for _ in range(3)]
        assert statuses == [401, 401, 429]
        holder = new_token()
        edges.auth.open_session(holder)
        assert (await status_and_code(edges, ME, bearer(holder)))[0] == 200
