"""What comes in by the address: one value for each name, and no name that the body has, too."""

from typing import Final

import pytest
from ansinh_kit.testing.callers import a_guest

from tests.surface.published import SERVICES, Operation, fields, operations, published

REPEATED: Final = (b"purpose=audit&purpose=review", b"a=1&b=2&a=1", b"a&a", b"limit=1&%6Cimit=2", b"a+b=1&a%20b=2")


def in_query(operation: Operation) -> dict[str, str]:
    """Return names and types of what the operation reads from its query."""
    return {
        one["name"]: one["schema"].get("type", "")
        for one in operation.said.get("parameters", ())
        if one["in"] == "query"
    }


@pytest.mark.sec("SEC-12")
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("query", REPEATED)
async def test_a_repeated_parameter_is_refused_by_every_service(service: str, query: bytes) -> None:
    answer = await published(service).client.request("GET", f"/v1/units?{query.decode()}", caller=a_guest())
    assert answer.status == 422
    (error,) = answer.json()["errors"]
    assert error["rule"] == "repeated"


@pytest.mark.sec("SEC-12")
def test_no_operation_reads_a_list_from_its_query() -> None:
    assert not [str(one) for one in operations() if "array" in in_query(one).values()]


@pytest.mark.sec("SEC-12")
def test_no_name_is_read_from_query_and_body_both() -> None:
    for operation in operations():
        content = operation.said.get("requestBody", {}).get("content", {})
        in_body = {name for said in content.values() for name, _ in fields(operation.service, said.get("schema", {}))}
        assert not in_body & in_query(operation).keys(), operation
