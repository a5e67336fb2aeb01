import ipaddress

import pytest
from gateway.addresses import client_address

PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)


@pytest.mark.sec("GW-08")
@pytest.mark.parametrize(
    ("peer", "forwarded_for", "expected"),
    [
        pytest.param("203.0.113.9", b"", "203.0.113.9", id="no proxy"),
        pytest.param("203.0.113.9", b"198.51.100.1", "203.0.113.9", id="a client that claims an address"),
        pytest.param("10.0.0.1", b"203.0.113.9", "203.0.113.9", id="behind our proxy"),
        pytest.param("10.0.0.1", b"1.1.1.1, 203.0.113.9", "203.0.113.9", id="a claim in front of the proxy's word"),
        pytest.param("10.0.0.1", b"203.0.113.9, 10.0.0.2", "203.0.113.9", id="behind two of our proxies"),
        pytest.param("::ffff:10.0.0.1", b"203.0.113.9", "203.0.113.9", id="our proxy on a socket for both families"),
        pytest.param("10.0.0.1", b"nonsense", "10.0.0.1", id="nonsense from the proxy"),
        pytest.param("10.0.0.1", b"", "10.0.0.1", id="the proxy itself"),
        pytest.param("unknown", b"203.0.113.9", "unknown", id="no peer"),
    ],
)
def test_only_a_trusted_proxy_can_name_another_address(peer: str, forwarded_for: bytes, expected: str) -> None:
    assert client_address(peer, forwarded_for, PROXIES) == expected


def test_without_trusted_proxies_the_peer_is_the_client() -> None:
    assert client_address("10.0.0.1", b"203.0.113.9", ()) == "10.0.0.1"
