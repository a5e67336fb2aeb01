"""What operators read of a request: its template and its end, nothing of who or what it was about (GW-15)."""

from collections.abc import Callable

import pytest
from gateway.routes import ROUTES
from structlog.testing import capture_logs

from tests.gateway.conftest import Edges
from tests.gateway.raw_client import exchange, request

# The code printed on an export so that anybody can check it: made to be shown, and worth nothing else.
_MADE_TO_BE_SHOWN = {"/v1/public/export-checks/{code}"}


@pytest.mark.sec("GW-15")
async def test_a_line_has_the_template_and_neither_values_nor_tokens(
    edges: Edges, new_token: Callable[[], str]
) -> None:
    token = new_token()
    edges.auth.open_session(token)
    with capture_logs() as lines:
        raw = request(
            "GET",
            "/api/records/v1/participants/secret-person/person?q=secret-query",
            f"Authorization: Bearer {token}",
            "X-Request-Id: theirs-1",
            "Record-Opening: secret-opening",
        )
        assert (await exchange(edges.port, raw)).status == 200
    (line,) = [line for line in lines if line["event"] == "http_request"]
    assert line["route"] == "/api/records/v1/participants/{who}/person"
    assert (line["status"], line["outcome"], line["caller_kind"]) == (200, "answered", "citizen")
    assert line["client_request_id"] == "theirs-1"
    assert "secret" not in str(lines)
    assert token not in str(lines)


@pytest.mark.sec("GW-14")
@pytest.mark.parametrize("theirs", ["x" * 65, "a b", "a;b", "<script>", "\xe9", "a,b"])
async def test_an_odd_id_of_a_client_is_not_kept(edges: Edges, theirs: str) -> None:
    with capture_logs() as lines:
        await exchange(edges.port, request("GET", "/nothing", f"X-Request-Id: {theirs}"))
    (line,) = [line for line in lines if line["event"] == "http_request"]
    assert line["client_request_id"] is None


@pytest.mark.sec("SEC-19")
def test_no_address_has_a_place_for_a_secret_or_a_persons_number() -> None:
    forbidden = ("token", "code}", "password", "phone", "number", "email", "otp", "secret")
    paths = {route.path for route in ROUTES} - _MADE_TO_BE_SHOWN
    parameters = {
        part for path in paths for part in path.split("/") if part.startswith("{") and not part.endswith("_id}")
    }
    assert not [part for part in parameters if any(word in part for word in forbidden)]
