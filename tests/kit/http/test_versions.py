import pytest
from ansinh_kit.testing.asgi_client import AsgiClient
from ansinh_kit.testing.callers import a_guest


async def test_the_version_goes_out_as_an_entity_tag(client: AsgiClient) -> None:
    assert (await client.request("GET", "/v1/context", caller=a_guest())).headers["etag"] == '"7"'


@pytest.mark.parametrize("path", ["optional", "required"])
async def test_the_named_version_comes_in(client: AsgiClient, path: str) -> None:
    answer = await client.request("PUT", f"/v1/versions/{path}", caller=a_guest(), headers={"If-Match": '"12"'})
    assert (answer.status, answer.json()) == (200, 12)


async def test_naming_none_is_allowed_where_it_is_optional(client: AsgiClient) -> None:
    answer = await client.request("PUT", "/v1/versions/optional", caller=a_guest())
    assert (answer.status, answer.json()) == (200, None)


async def test_naming_none_is_428_where_it_is_required(client: AsgiClient) -> None:
    answer = await client.request("PUT", "/v1/versions/required", caller=a_guest())
    assert (answer.status, answer.json()["code"]) == (428, "version_required")


@pytest.mark.parametrize("tag", ["12", "*", 'W/"12"', '"12", "13"', '"x"', '"1e3"', '"' + "9" * 30 + '"', '"١"'])
async def test_what_is_no_tag_of_ours_is_a_field_error(client: AsgiClient, tag: str) -> None:
    headers = {"If-Match": tag.encode().decode("latin-1")}
    answer = await client.request("PUT", "/v1/versions/optional", caller=a_guest(), headers=headers)
    assert answer.status == 422
    assert answer.json()["errors"][0]["field"] == "If-Match"
