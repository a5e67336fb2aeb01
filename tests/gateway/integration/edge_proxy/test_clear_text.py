"""TLS or nothing: pages are led there, programs are told (GW-22)."""

import ssl

import pytest

from tests.gateway.integration.edge_proxy.proxy import EdgeProxy
from tests.gateway.raw_client import exchange, request

AGENCIES = "/api/registration/v1/agencies"


@pytest.mark.sec("GW-22")
async def test_who_typed_an_address_is_led_to_https(proxy: EdgeProxy) -> None:
    answer = await exchange(proxy.http_port, request("GET", "/tra-cuu?q=1", host="localhost"))
    assert answer.statuses == [308]
    assert b"\r\nLocation: https://localhost/tra-cuu?q=1\r\n" in answer.raw


@pytest.mark.sec("GW-22")
async def test_a_program_that_calls_in_clear_is_told_and_not_led(proxy: EdgeProxy) -> None:
    """A redirect would work, and so hide for years that each first call shows its secrets to the net."""
    answer = await exchange(proxy.http_port, request("GET", AGENCIES, "Authorization: Bearer sit_x", host="localhost"))
    assert answer.statuses == [403]
    assert b'"code":"https_required"' in answer.raw
    assert proxy.edges.service.arrived == []


async def test_clear_text_on_the_port_of_tls_is_refused(proxy: EdgeProxy) -> None:
    answer = await exchange(proxy.https_port, request("GET", AGENCIES))
    assert answer.statuses == [400]
    assert b'"code":"request_invalid"' in answer.raw


@pytest.mark.sec("GW-22")
@pytest.mark.sec("SEC-64")
@pytest.mark.parametrize(
    ("version", "spoken"),
    [(ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True), (ssl.TLSVersion.TLSv1_1, False)],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
async def test_tls_is_1_2_or_1_3(proxy: EdgeProxy, version: ssl.TLSVersion, *, spoken: bool) -> None:
    proxy.tls.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    proxy.tls.set_ciphers("DEFAULT:@SECLEVEL=0")  # else this side would not even offer the old one
    proxy.tls.maximum_version = version
    if spoken:
        assert (await proxy.exchange(request("GET", AGENCIES))).statuses == [200]
        assert (await proxy.logged(1))[0]["tls"] == version.name.replace("_", ".")
    else:
        with pytest.raises(ssl.SSLError, match="alert protocol version"):
            await proxy.exchange(request("GET", AGENCIES))
