import pytest
from ansinh_kit.http.addresses import limit_key


@pytest.mark.sec("LIM-15")
def test_an_ipv6_subscriber_counts_as_one_whatever_the_last_64_bits() -> None:
    assert limit_key("2001:db8:1:2:aaaa::1") == limit_key("2001:db8:1:2:bbbb::2")
    assert limit_key("2001:db8:1:2::1") != limit_key("2001:db8:1:3::1")
    assert limit_key("203.0.113.9") == "203.0.113.9"


@pytest.mark.sec("LIM-15")
def test_ipv4_peers_of_a_socket_for_both_families_are_told_apart() -> None:
    assert limit_key("::ffff:203.0.113.9") == limit_key("203.0.113.9")
    assert limit_key("::ffff:203.0.113.9") != limit_key("::ffff:203.0.113.10")
