"""Every route × every kind of caller × own, child's, other's and other agency's record. A route not in here fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_citizen, a_guest, a_service
from ansinh_kit.testing.routes import run_in_threads

from tests.records import access_builders as b
from tests.records.desk import CLERK, NEIGHBOUR, Desk
from tests.records.feeding import CITIZEN, OFFICER, STRANGER

Rule = Literal["record", "health", "citizen", "officer", "public"]
"""Who may: `record` and `health` are parts of a record; `citizen` commands are the person's or guardian's alone."""

ROUTES: Final[Mapping[str, Rule]] = {
    "GET /v1/participants/{who}/person": "record",
    "GET /v1/participants/{who}/participation": "record",
    "GET /v1/participants/{who}/participation/{kind}": "record",
    "GET /v1/participants/{who}/participation/{kind}/periods/{period_id}": "record",
    "GET /v1/participants/{who}/unpaid": "record",
    "GET /v1/participants/{who}/notices": "record",
    "GET /v1/participants/{who}/benefits/{tab}": "record",
    "GET /v1/participants/{who}/benefits/{tab}/{benefit_id}": "record",
    "GET /v1/participants/{who}/card": "record",
    "GET /v1/participants/{who}/card/qr": "citizen",
    "GET /v1/participants/{who}/visits": "health",
    "GET /v1/participants/{who}/visits/{year}": "health",
    "GET /v1/participants/{who}/readings": "record",
    "GET /v1/participants/{who}/disputes": "record",
    "GET /v1/participants/{who}/disputes/{dispute_id}": "record",
    "POST /v1/participants/{who}/disputes": "citizen",
    "POST /v1/participants/{who}/disputes/{dispute_id}/withdrawal": "citizen",
    "POST /v1/staff/openings": "officer",
    "GET /v1/staff/disputes": "officer",
    "POST /v1/staff/disputes/{dispute_id}/assignment": "officer",
    "POST /v1/staff/disputes/{dispute_id}/answer": "officer",
    "POST /v1/staff/disputes/{dispute_id}/settlement": "officer",
    "POST /v1/staff/participants": "officer",
    "POST /v1/staff/participants/find": "officer",
    "POST /v1/staff/participants/{participant_id}/periods": "officer",
    "POST /v1/staff/participants/{participant_id}/periods/{period_id}/corrections": "officer",
    "POST /v1/staff/participants/{participant_id}/periods/{period_id}/withdrawal": "officer",
    "POST /v1/staff/participants/{participant_id}/benefits": "officer",
    "POST /v1/staff/participants/{participant_id}/benefits/payments": "officer",
    "POST /v1/staff/participants/{participant_id}/benefits/stops": "officer",
    "POST /v1/staff/participants/{participant_id}/benefits/{benefit_id}/corrections": "officer",
    "POST /v1/staff/participants/{participant_id}/benefits/{benefit_id}/withdrawal": "officer",
    "POST /v1/staff/participants/{participant_id}/benefits/{benefit_id}/payments/{payment_id}/withdrawal": "officer",
    "POST /v1/staff/participants/{participant_id}/benefits/{benefit_id}/stop/withdrawal": "officer",
    "POST /v1/staff/participants/{participant_id}/cards": "officer",
    "POST /v1/staff/participants/{participant_id}/cards/{card_id}/corrections": "officer",
    "POST /v1/staff/participants/{participant_id}/cards/{card_id}/withdrawal": "officer",
    "POST /v1/staff/participants/{participant_id}/cards/{card_id}/reinstatement": "officer",
    "POST /v1/staff/participants/{participant_id}/visits": "officer",
    "POST /v1/staff/participants/{participant_id}/visits/{visit_id}/corrections": "officer",
    "POST /v1/staff/participants/{participant_id}/visits/{visit_id}/withdrawal": "officer",
    "POST /v1/staff/participants/{participant_id}/numbers": "officer",
    "POST /v1/staff/participants/{participant_id}/identity": "officer",
    "POST /v1/staff/participants/{participant_id}/contact": "officer",
    "POST /v1/staff/participants/{participant_id}/agency": "officer",
    "POST /v1/staff/participants/{participant_id}/guardians": "officer",
    "POST /v1/staff/participants/{participant_id}/guardians/{guardian_id}/end": "officer",
    "POST /v1/staff/participants/{participant_id}/barred-staff": "officer",
    "POST /v1/staff/participants/{participant_id}/barred-staff/{staff_id}/end": "officer",
    "POST /v1/staff/participants/{participant_id}/merge": "officer",
    "POST /v1/staff/participants/{participant_id}/links/{person_id}/confirm": "officer",
    "POST /v1/staff/participants/{participant_id}/links/{person_id}/refuse": "officer",
    "POST /v1/staff/participants/{participant_id}/links/{person_id}/end": "officer",
    "GET /v1/staff/links": "officer",
    "POST /v1/staff/imports": "officer",
    "GET /v1/staff/imports/{import_id}": "officer",
    "GET /v1/staff/imports/{import_id}/report": "officer",
    "GET /v1/participants/{who}/exports": "record",
    "GET /v1/participants/{who}/exports/{file}": "record",
    "GET /v1/public/export-checks/{code}": "public",
    "POST /v1/public/export-checks": "public",
    "POST /v1/public/challenges": "public",
    "POST /v1/public/number": "public",
    "POST /v1/public/card": "public",
    "POST /v1/public/card-checks": "public",
    "GET /v1/public/facilities": "public",
    "GET /v1/public/employers": "public",
    "GET /v1/public/collection-organisations": "public",
    "GET /v1/public/collection-points": "public",
}
_PLACES: Final = {
    "benefit_id": "b" * 32,
    "card_id": "b" * 32,
    "dispute_id": "d" * 32,
    "file": "book.json",
    "code": "00000-00000-00000-00000",
    "guardian_id": "e" * 32,
    "import_id": "f" * 32,
    "kind": "social",
    "payment_id": "b" * 32,
    "period_id": "b" * 32,
    "person_id": "e" * 32,
    "staff_id": "a" * 32,
    "tab": "monthly",
    "visit_id": "b" * 32,
    "year": "2026",
}
# A file shows several parts of the record, and each of them is read.
_READS: Final = {"GET /v1/participants/{who}/exports/{file}": 4}
_DISPUTE: Final = {"subject": "period", "words": b.WORDS}
# What a caller is told who may not read this record, whatever the record holds.
_CLOSED: Final = frozenset(
    {
        "unauthenticated",
        "caller_not_allowed",
        "forbidden",
        "participant_not_found",
        "no_record_linked",
        "record_not_found",
        "opening_required",
        "opening_not_valid",
        "opening_too_narrow",
    }
)


@dataclass(frozen=True)
class Asked:
    """A caller and whose record is asked for; `opened` by this officer, under which scope."""

    says: str
    caller: Caller
    whose: Literal["me", "parent", "child", "other"]
    opened: Literal["record", "health"] | None = None
    opened_whose: Literal["parent", "child", "other"] = "parent"


ADMITTED: Final = (
    Asked("a citizen, the own record", CITIZEN, "me"),
    Asked("a citizen, the own record by its id", CITIZEN, "parent"),
    Asked("a guardian, the child's", CITIZEN, "child"),
)
OPENED: Final = Asked("an officer who opened the record", OFFICER, "parent", "record")
OPENED_FOR_HEALTH: Final = Asked("an officer who opened the health data", OFFICER, "parent", "health")
CLOSED: Final = (
    Asked("a guest", a_guest(), "parent"),
    Asked("a guest, me", a_guest(), "me"),
    Asked("a citizen, another's", CITIZEN, "other"),
    Asked("a neighbour, the child's", NEIGHBOUR, "child"),
    Asked("an account without a record", a_citizen(person_id="8" * 32), "me"),
    Asked("an officer without an opening", OFFICER, "parent"),
    Asked("an officer, me", OFFICER, "me"),
    Asked("an officer with an opening of another record", OFFICER, "other", "health"),
    Asked("an officer of another agency", STRANGER, "parent"),
    Asked("staff of another role", CLERK, "parent"),
    Asked("a service", a_service(), "parent"),
)
RECORD_ROUTES: Final = sorted(route for route, rule in ROUTES.items() if rule in ("record", "health"))
CITIZEN_ROUTES: Final = sorted(route for route, rule in ROUTES.items() if rule == "citizen")
OFFICER_ROUTES: Final = sorted(route for route, rule in ROUTES.items() if rule == "officer")
PUBLIC_ROUTES: Final = sorted(route for route, rule in ROUTES.items() if rule == "public")
NO_OFFICERS: Final = (a_guest(), CITIZEN, CLERK, a_service())


@pytest.fixture
async def desk() -> Desk:
    return await Desk().prepare()


async def ask(desk: Desk, route: str, asked: Asked) -> HttpAnswer:
    method, path = route.split(" ")
    opening = None
    if asked.opened is not None:
        opening = await desk.opening(getattr(desk, asked.opened_whose), scope=asked.opened)
    who = "me" if asked.whose == "me" else getattr(desk, asked.whose)
    target = path.format_map({**_PLACES, "who": who, "participant_id": desk.parent})
    body = _DISPUTE if path.endswith("/disputes") and method == "POST" else None
    return await desk.service.ask(method, target, body, caller=asked.caller, opening=opening, version='"1"')


def code_of(answer: HttpAnswer) -> str | None:
    return str(answer.json().get("code")) if answer.status >= 400 else None


async def reads(desk: Desk) -> int:
    return (await desk.service.event_types()).count("record_read_by_staff")


@pytest.mark.sec("API-05")
@pytest.mark.req("S-57")
def test_every_route_says_in_this_table_who_may_ask_it() -> None:
    paths = Desk().service.app.openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert {route for route in routes if "/v1/" in route} == set(ROUTES)


@pytest.mark.req("S-56")
@pytest.mark.req("S-57")
@pytest.mark.sec("API-01")
@pytest.mark.parametrize("route", [*RECORD_ROUTES, *CITIZEN_ROUTES])
async def test_a_record_is_closed_to_everyone_it_is_not_for(desk: Desk, route: str) -> None:
    for asked in CLOSED:
        answer = await ask(desk, route, asked)
        assert code_of(answer) in _CLOSED, (asked.says, answer.body)
    assert await reads(desk) == 0
    assert "dispute_opened" not in await desk.service.event_types()


@pytest.mark.req("S-28")
@pytest.mark.parametrize("route", [*RECORD_ROUTES, *CITIZEN_ROUTES])
async def test_a_record_opens_to_its_person_and_the_guardian(desk: Desk, route: str) -> None:
    for asked in ADMITTED:
        answer = await ask(desk, route, asked)
        assert code_of(answer) not in _CLOSED, (asked.says, answer.body)
        assert answer.status < 500, asked.says


@pytest.mark.sec("PII-10")
@pytest.mark.parametrize("route", RECORD_ROUTES)
async def test_a_record_opens_to_the_officer_who_opened_it_and_the_read_is_in_the_log(desk: Desk, route: str) -> None:
    asked = OPENED_FOR_HEALTH if ROUTES[route] == "health" else OPENED
    answer = await ask(desk, route, asked)
    assert code_of(answer) not in _CLOSED, answer.body
    assert await reads(desk) == _READS.get(route, 1)


@pytest.mark.req("S-47")
@pytest.mark.parametrize("route", [route for route in RECORD_ROUTES if ROUTES[route] == "health"])
async def test_health_data_stays_closed_under_an_opening_of_the_record(desk: Desk, route: str) -> None:
    answer = await ask(desk, route, OPENED)
    assert (answer.status, code_of(answer)) == (403, "opening_too_narrow")
    assert await reads(desk) == 0


@pytest.mark.parametrize("route", CITIZEN_ROUTES)
async def test_what_a_person_does_no_officer_does_for_the_person(desk: Desk, route: str) -> None:
    assert (await ask(desk, route, OPENED)).status == 403


@pytest.mark.sec("API-05")
async def test_what_is_for_officers_is_closed_to_all_others(desk: Desk) -> None:
    before = await desk.service.event_types()
    for route in OFFICER_ROUTES:
        for caller in NO_OFFICERS:
            answer = await ask(desk, route, Asked("nobody", caller, "parent"))
            assert answer.status == (401 if caller.kind == "guest" else 403), (route, caller.kind)
    assert await desk.service.event_types() == before


async def test_what_is_for_officers_opens_to_an_officer(desk: Desk) -> None:
    for route in OFFICER_ROUTES:
        answer = await ask(desk, route, Asked("an officer", OFFICER, "parent"))
        assert answer.status not in (401, 403, 405), (route, answer.body)
        assert answer.status < 500, route


@pytest.mark.req("S-55")
async def test_what_is_public_needs_no_account(desk: Desk) -> None:
    for route in PUBLIC_ROUTES:
        answer = await ask(desk, route, Asked("a guest", a_guest(), "me"))
        assert code_of(answer) in (None, "human_check_required", "invalid_fields"), (route, answer.body)


def test_no_route_waits_for_a_thread() -> None:
    assert not run_in_threads(Desk().service.app)
