import socket

import pytest

from tests.plugins.network_guard import OutsideConnectionError, is_allowed


@pytest.mark.parametrize("address", [("192.0.2.1", 443), ("api.twilio.com", 443), ("2001:db8::1", 25, 0, 0)])
def test_an_address_outside_this_machine_is_refused(address: tuple[object, ...]) -> None:
    assert not is_allowed(address, frozenset())


@pytest.mark.parametrize("address", [("127.0.0.1", 1), ("127.8.9.9", 1), ("::1", 1, 0, 0), ("localhost", 1), "/run/x"])
def test_this_machine_may_be_reached(address: object) -> None:
    assert is_allowed(address, frozenset())


def test_a_given_server_may_be_reached() -> None:
    assert is_allowed(("mongo", 27017), frozenset({"mongo"}))


def test_the_guard_stops_a_socket_before_a_packet_leaves() -> None:
    with socket.socket() as outside, pytest.raises(OutsideConnectionError):
        outside.connect(("192.0.2.1", 443))
