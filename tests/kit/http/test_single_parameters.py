import pytest
from ansinh_kit.http.single_parameters import repeated_parameter
from ansinh_kit.testing.asgi_client import AsgiClient
from ansinh_kit.testing.callers import a_guest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request


@pytest.mark.parametrize("query", [b"", b"a=1", b"a=1&b=1", b"a=b&b=a", b"a=1&&", b"&", b"A=1&a=1", b"a=%26a%3D2"])
def test_names_that_differ_pass(query: bytes) -> None:
    assert repeated_parameter(query) is None


@pytest.mark.sec("SEC-12")
@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=4))
def test_a_repeated_name_is_what_the_route_would_read_twice(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in pairs)
    read = Request({"type": "http", "query_string": query.encode(), "headers": []}).query_params.multi_items()
    names = [name for name, _ in read]
    assert (repeated_parameter(query.encode()) is not None) == (len(set(names)) < len(names))


def _escaped(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode(errors="surrogatepass"))


@pytest.mark.sec("SEC-12")
async def test_the_name_that_came_twice_is_told_and_a_long_one_is_not(client: AsgiClient) -> None:
    twice = await client.request("GET", "/v1/forms?page_size=1&page_size=2", caller=a_guest())
    assert (twice.status, twice.json()["code"]) == (422, "invalid_fields")
    assert twice.json()["errors"][0]["field"] == "page_size"
    long = f"{'x' * 65}=1"
    made_up = await client.request("GET", f"/v1/forms?{long}&{long}", caller=a_guest())
    assert (made_up.status, made_up.json()["errors"][0]["field"]) == (422, "")
