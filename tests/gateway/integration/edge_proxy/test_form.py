"""What nginx refuses by its form, what it leaves to the gateway, and in which words (GW-22)."""

import pytest
from gateway.refusals import WORDINGS

from tests.gateway.integration.edge_proxy.proxy import EdgeProxy
from tests.gateway.raw_client import request

AGENCIES = "/api/registration/v1/agencies"
KIB = 1024


@pytest.mark.sec("GW-22")
@pytest.mark.sec("GW-03")
@pytest.mark.parametrize("name", ["X_User_Id", "Content_Length", "X_Forwarded_For", "Internal_Assertion"])
async def test_a_name_with_an_underscore_is_refused_and_not_silently_dropped(proxy: EdgeProxy, name: str) -> None:
    answer = await proxy.exchange(request("GET", AGENCIES, f"{name}: 1"))
    assert answer.statuses == [400]
    assert b'"code":"header_invalid"' in answer.raw
    assert proxy.edges.service.arrived == []


@pytest.mark.sec("GW-22")
async def test_a_name_that_is_none_is_refused(proxy: EdgeProxy) -> None:
    answer = await proxy.exchange(request("GET", AGENCIES, "User@Id: 1"))
    assert answer.statuses == [400]
    assert proxy.edges.service.arrived == []


@pytest.mark.sec("GW-22")
@pytest.mark.sec("GW-04")
@pytest.mark.parametrize(
    "target",
    [
        "/api/registration/v1%2fagencies",
        "/api/registration/v1%2Fagencies",
        "/api/registration%5cv1/agencies",
        "/api/registration/v1/x/%2e%2e/agencies",
        "/api/registration/v1/x/../agencies",
        "/api/registration/v1/./agencies",
        "/api//registration/v1/agencies",
        "/api/registration/v1/agencies%00",
        "/api/registration/v1/%61gencies",
        "/api/registration/v1/agencies%252f",
        "/api/registration/v1/agencies%0d%0aX:1",
        "/api/registration/v1/agencies#part",
        "/../api/registration/v1/agencies",
        "http://localhost/api/registration/v1/agencies",
        "*",
    ],
)
async def test_a_target_in_any_but_its_normal_form_never_reaches_the_gateway(proxy: EdgeProxy, target: str) -> None:
    answer = await proxy.exchange(request("GET", target))
    assert answer.statuses == [400]
    assert b'"code":"request_invalid"' in answer.raw
    assert WORDINGS["request_invalid"].vi.encode() in answer.raw
    assert [line["gateway_status"] for line in await proxy.logged(1)] == [""]


@pytest.mark.parametrize("target", ["/refused", "/x/../refused", "/refuse%64"])
async def test_our_page_for_refusals_has_no_address_outside(proxy: EdgeProxy, target: str) -> None:
    assert (await proxy.exchange(request("GET", target))).statuses == [404]
    assert [line["gateway_status"] for line in await proxy.logged(1)] == [""]


async def test_a_query_goes_on_as_it_came(proxy: EdgeProxy) -> None:
    query = "q=%2F..%2f%00&empty=&again=//x/../y?z"
    answer = await proxy.exchange(request("GET", f"{AGENCIES}?{query}"))
    assert answer.statuses == [200]
    assert proxy.edges.service.last.target == f"/v1/agencies?{query}"


@pytest.mark.sec("GW-22")
@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        pytest.param(request("GET", AGENCIES, f"X-Filler: {'x' * 17 * KIB}"), 431, b"headers_too_large", id="one"),
        pytest.param(
            request("GET", AGENCIES, *(f"X-Filler-{n}: {'x' * 11 * KIB}" for n in range(3))),
            431,
            b"headers_too_large",
            id="all",
        ),
        pytest.param(request("GET", f"{AGENCIES}?{'x' * 17 * KIB}"), 414, b"target_too_long", id="target"),
    ],
)
async def test_a_head_has_32_kib_in_all_and_half_of_it_for_one_line(
    proxy: EdgeProxy, raw: bytes, status: int, code: bytes
) -> None:
    answer = await proxy.exchange(raw)
    assert answer.statuses == [status]
    assert code in answer.raw
    assert [line["gateway_status"] for line in await proxy.logged(1)] == [""]


@pytest.mark.sec("GW-02")
async def test_the_gateways_own_bounds_hold_below_it(proxy: EdgeProxy) -> None:
    fits = await proxy.exchange(request("GET", AGENCIES, f"X-Filler: {'x' * 15 * KIB}"))
    too_long = await proxy.exchange(request("GET", f"{AGENCIES}?{'x' * 5 * KIB}"))
    assert (fits.statuses, too_long.statuses) == ([200], [414])
    assert [line["gateway_status"] for line in await proxy.logged(2)] == ["200", "414"]


@pytest.mark.sec("GW-01")
@pytest.mark.parametrize("host", [None, "evil.example"])
async def test_which_names_are_ours_the_gateway_says(proxy: EdgeProxy, host: str | None) -> None:
    answer = await proxy.exchange(request("GET", AGENCIES, host=host))
    assert answer.statuses == [400]
    assert proxy.edges.service.arrived == []


@pytest.mark.sec("GW-06")
async def test_a_request_in_the_body_of_another_is_not_answered(proxy: EdgeProxy) -> None:
    inner = request("GET", "/api/registration/v1/units")
    head = f"POST /api/registration/v1/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(inner)}\r\n"
    both = await proxy.exchange(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner)
    assert both.statuses == [400]
    assert proxy.edges.service.arrived == []
