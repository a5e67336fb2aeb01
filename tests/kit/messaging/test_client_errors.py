import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.client_errors import client_errors


def test_the_bare_exception_of_a_cut_connection_means_that_the_broker_is_away() -> None:
    with pytest.raises(UnavailableError), client_errors():
        raise Exception  # noqa: TRY002 - what the client raises


def test_a_mistake_in_our_own_code_is_not_taken_for_a_cut_connection() -> None:
    with pytest.raises(KeyError), client_errors():
        raise KeyError
