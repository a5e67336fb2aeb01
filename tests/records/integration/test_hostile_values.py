"""Good bodies with one bad value each, on every route that takes one: refused or kept, never a fault, never echoed.

What was kept is then read and taken along in every format: a value that got in must not break anything either.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.callers import a_guest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.records import access_builders as b
from tests.records import rows
from tests.records.desk import Desk
from tests.records.feeding import CITIZEN, OFFICER, body
from tests.records.working_life import sent

Path = tuple[str | int, ...]

_ROW: Final = "3" * 32
BODIES: Final[Mapping[str, Any]] = {
    "/v1/staff/participants": body("6600000042", None),
    "/v1/staff/participants/find": {"kind": "social_insurance_number", "number": "6600000018"},
    "/v1/staff/participants/{own}/identity": body()["identity"],
    "/v1/staff/participants/{own}/contact": body()["contact"],
    "/v1/staff/participants/{own}/numbers": {"numbers": body()["numbers"], "dropped_were_mistaken": False},
    "/v1/staff/participants/{own}/agency": {"agency_code": "06601"},
    "/v1/staff/participants/{own}/guardians": {"guardian_id": "c" * 32, "relation": "father"},
    "/v1/staff/participants/{own}/merge": {"duplicate_id": "c" * 32},
    "/v1/staff/participants/{own}/periods": {"rows": [sent("2020-01/2020-12")]},
    f"/v1/staff/participants/{{own}}/periods/{_ROW}/corrections": sent("2020-01/2020-12"),
    "/v1/staff/participants/{own}/benefits": {"rows": [rows.benefit_row("unemployment_benefit")]},
    "/v1/staff/participants/{own}/benefits/payments": {"rows": [rows.payment_row()]},
    "/v1/staff/participants/{own}/benefits/stops": {"rows": [rows.stop_row()]},
    "/v1/staff/participants/{own}/cards": {"rows": [rows.card_row()]},
    "/v1/staff/participants/{own}/visits": {"rows": [rows.visit_row()]},
    f"/v1/staff/participants/{{own}}/cards/{_ROW}/withdrawal": {"withdrawn_on": "01/02/2026", "reason": "Thẻ sai"},
    "/v1/staff/openings": {"participant_id": "{own}", "scope": "record", "reason": b.REASON},
    "/v1/participants/me/disputes": {"subject": "period", "reference": "b" * 32, "words": b.WORDS},
    "/v1/public/number": {
        "full_name": "Nguyễn Văn Mẫu",
        "province_code": "66",
        "marks": "with",
        "birth_date": "1990-03-17",
    },
    "/v1/public/card": {"card_number": rows.CARD_NUMBER, "full_name": "Nguyễn Văn Mẫu", "birth_date": "1990-03-17"},
    "/v1/public/card-checks": {"payload": "ansinh-card:a.b.c"},
    "/v1/public/export-checks": {"code": "00000-00000-00000-00000", "sha256": "0" * 64},
}
NASTY: Final[tuple[object, ...]] = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "A" * 999,
    "A" * 5_000,
    "ﬃ" * 300,
    "Ẩ" * 400,
    "\u202eunM",
    "zero\u200bwidth",
    "😀" * 40,
    "١٢٣٤٥٦٧٨٩٠",
    "=HYPERLINK(1)",
    '#import "x"; #read("/etc/passwd")',
    "$ sum_(i=1) $ *đậm* @ref <label>",
    "../../etc/passwd",
    "Nguyễn\r\nBcc: x",
    "1e309",
    "NaN",
    "-1",
    "0" * 400,
    "9" * 400,
    "9999999999999.99",
    "31/12/2199",
    "2199-12-31",
    "2199-12",
    "12/9999",
    "0001-01-01",
    "29/02/2023",
    "00/00/0000",
    True,
    None,
    0,
    -1,
    1.5,
    2**70,
    [],
    {},
    {"$ne": None},
    [[[]]],
)
LONG_ENOUGH_TO_KNOW: Final = 8
PARTS: Final = (
    "person",
    "participation",
    "participation/social?from=0001-01&to=9999-12",
    "unpaid",
    "benefits/monthly",
    "benefits/unemployment",
    "card",
    "visits",
    "visits/2025",
    "readings",
    "disputes",
    "notices",
    *(f"exports/{what}.{form}" for what in ("book", "card", "visits") for form in ("csv", "json")),
)


def places_in(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield where something stands in a body: every value, and every object and list as a whole."""
    yield path
    members: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from places_in(member, (*path, name))


def with_value(whole: Any, path: Path, value: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    if not path:
        return value
    changed = copy.copy(whole)
    changed[path[0]] = with_value(whole[path[0]], path[1:], value)
    return changed


@some.composite
def spoilt(draw: some.DrawFn) -> tuple[str, Any, object]:
    """Draw a route, its body with one value replaced, and that value."""
    route = draw(some.sampled_from(sorted(BODIES)))
    path = draw(some.sampled_from(sorted(places_in(BODIES[route]), key=repr)))
    value = draw(some.sampled_from(NASTY) | some.text(max_size=60))
    return route, with_value(BODIES[route], path, value), value


def caller_of(route: str) -> Caller:
    if route.startswith("/v1/public"):
        return a_guest()
    return OFFICER if route.startswith("/v1/staff") else CITIZEN


async def told(desk: Desk, route: str, content: object) -> bytes:
    if isinstance(content, dict) and content.get("participant_id") == "{own}":
        content = content | {"participant_id": desk.parent}
    answer = await desk.service.ask(
        "POST", route.format(own=desk.parent), content, caller=caller_of(route), version='"1"', proof=desk.proof()
    )
    assert answer.status < 500, (route, content, answer.body)
    return answer.body if answer.status >= 400 else b""


async def everything_still_reads(desk: Desk) -> None:
    for part in PARTS:
        answer = await desk.service.ask("GET", f"/v1/participants/me/{part}", caller=CITIZEN)
        assert answer.status < 500, (part, answer.body)


@pytest.fixture
async def desk() -> Desk:
    return await Desk().prepare()


@pytest.mark.sec("SEC-01")
@pytest.mark.sec("SEC-07")
async def test_a_bad_value_anywhere_is_refused_or_kept_and_breaks_nothing(
    desk: Desk,
) -> None:
    places = [(route, path) for route, whole in BODIES.items() for path in places_in(whole)]
    for number, (route, path) in enumerate(places):
        # Each place gets every third value, and its neighbours the others.
        for value in NASTY[number % 3 :: 3]:
            await told(desk, route, with_value(BODIES[route], path, value))
    await everything_still_reads(desk)


@pytest.mark.parametrize("route", [route for route in BODIES if "{own}" in route])
async def test_what_is_malformed_is_told_as_such_whoever_it_is_about(desk: Desk, route: str) -> None:
    answer = await desk.service.ask("POST", route.format(own="0" * 32), [], caller=OFFICER, version='"1"')
    assert (answer.status, answer.json()["code"]) == (422, "invalid_fields")


@pytest.mark.sec("SEC-66")
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(spoilt=spoilt())
async def test_no_refusal_repeats_what_was_sent(desk: Desk, spoilt: tuple[str, Any, object]) -> None:
    route, content, value = spoilt
    refusal = (await told(desk, route, content)).decode()
    if isinstance(value, str) and len(value.strip()) >= LONG_ENOUGH_TO_KNOW:
        assert value.strip() not in refusal, route
