import json

import pytest
from ansinh_kit.http.body_limits import JSON_LIMIT_BYTES
from ansinh_kit.testing.asgi_client import AsgiClient, HttpAnswer
from ansinh_kit.testing.callers import a_guest
from starlette.types import Message, Receive, Scope, Send

from tests.kit.http.edge_app import PHOTO_LIMIT_BYTES, SERVICE, Service

JSON = {"Content-Type": "application/json"}
UPLOAD_LIMIT_BYTES = 2_000_000


async def post_json(client: AsgiClient, body: bytes | list[bytes], **headers: str) -> HttpAnswer:
    return await client.request("POST", "/v1/forms/1", caller=a_guest(), body=body, headers={**JSON, **headers})


def rule_of(answer: HttpAnswer) -> str:
    assert answer.status == 422
    return str(answer.json()["errors"][0]["rule"])


def padded_form(size: int) -> bytes:
    form = b'{"phone":"0912345678"}'
    return form + b" " * (size - len(form))


@pytest.mark.sec("LIM-24")
async def test_json_up_to_its_limit_is_read_and_one_byte_more_is_not(client: AsgiClient) -> None:
    assert (await post_json(client, padded_form(JSON_LIMIT_BYTES))).status == 201
    over = await post_json(client, padded_form(JSON_LIMIT_BYTES + 1))
    assert (over.status, over.json()["code"]) == (413, "body_too_large")


@pytest.mark.sec("LIM-24")
@pytest.mark.parametrize(
    ("method", "path", "media_type", "most_chunks"),
    [
        ("POST", "/v1/forms/1", "application/json", 5),
        ("PUT", "/v1/uploads", "image/png", 31),
        ("PUT", "/v1/forms/1/photo", "image/png", 1),
    ],
)
async def test_a_body_without_length_is_refused_before_it_was_read_whole(
    service: Service, method: str, path: str, media_type: str, most_chunks: int
) -> None:
    taken = 0

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def counted() -> Message:
            nonlocal taken
            taken += 1
            return await receive()

        await service.app(scope, counted, send)

    client = AsgiClient(watched, issuer=service.issuer(), audience=SERVICE)
    answer = await client.request(
        method, path, caller=a_guest(), body=[b" " * 65_536] * 100, headers={"Content-Type": media_type}
    )
    assert answer.status == 413
    assert answer.headers["connection"] == "close"
    assert taken == most_chunks


@pytest.mark.sec("LIM-24")
async def test_a_declared_length_over_the_limit_is_refused_without_reading(client: AsgiClient) -> None:
    for headers in ({**JSON, "Content-Length": str(JSON_LIMIT_BYTES + 1)}, {"Content-Length": "2000001"}):
        answer = await client.request("POST", "/v1/forms/1", caller=a_guest(), body=[], headers=headers)
        assert answer.status == 413


async def test_a_length_that_lies_does_not_help(client: AsgiClient) -> None:
    body = [padded_form(JSON_LIMIT_BYTES), b" "]
    assert (await post_json(client, body, **{"Content-Length": "10"})).status == 413


@pytest.mark.parametrize(("size", "status"), [(UPLOAD_LIMIT_BYTES, 200), (UPLOAD_LIMIT_BYTES + 1, 413)])
async def test_an_upload_has_the_apps_limit(client: AsgiClient, size: int, status: int) -> None:
    chunks = [b"x" * 1_000_000, b"x" * (size - 1_000_000)]
    answer = await client.request("PUT", "/v1/uploads", caller=a_guest(), body=chunks)
    assert answer.status == status


@pytest.mark.parametrize(("size", "status"), [(PHOTO_LIMIT_BYTES, 200), (PHOTO_LIMIT_BYTES + 1, 413)])
async def test_a_route_can_have_a_smaller_limit(client: AsgiClient, size: int, status: int) -> None:
    for body in (b"x" * size, [b"x" * (size - 1), b"x"]):
        answer = await client.request("PUT", "/v1/forms/1/photo", caller=a_guest(), body=body)
        assert answer.status == status


@pytest.mark.sec("SEC-13")
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"phone":"0912345678","phone":"0912345679"}', "duplicate_key"),
        ('{"name":{"a":1,"a":1}}', "duplicate_key"),
        ('{"name":NaN}', "number_out_of_range"),
        ('{"name":Infinity}', "number_out_of_range"),
        ('{"name":-Infinity}', "number_out_of_range"),
        ('{"name":1e999}', "number_out_of_range"),
        ('{"name":9223372036854775808}', "number_out_of_range"),
        ('{"name":18446744073709551616}', "number_out_of_range"),
        ('{"name":' + "9" * 5_000 + "}", "number_out_of_range"),
        ('{"name":"\\ud800"}', "malformed_json"),
        ('{"name":', "malformed_json"),
        ('{"phone":"0912345678"} {}', "malformed_json"),
        ("\ufeff{}", "malformed_json"),
        ("[" * 1_000 + "]" * 1_000, "too_deep"),
        ("[" * 100_000, "too_deep"),
    ],
)
async def test_json_that_readers_could_understand_differently_is_refused(
    client: AsgiClient, text: str, rule: str
) -> None:
    assert rule_of(await post_json(client, text.encode())) == rule


@pytest.mark.sec("SEC-07")
@pytest.mark.parametrize("key", ["$ne", "$where", "a.b", "a\\u0000b"])
async def test_a_name_that_means_something_to_the_database_is_refused(client: AsgiClient, key: str) -> None:
    assert rule_of(await post_json(client, f'{{"phone":{{"{key}":null}}}}'.encode())) == "forbidden_key"


@pytest.mark.parametrize("body", [b'{"name":"\xff"}', '{"phone":"x"}'.encode("utf-16"), b"\x00", b"\x1f\x8b\x08\x00"])
async def test_bytes_that_are_not_utf8_are_refused(client: AsgiClient, body: bytes) -> None:
    assert rule_of(await post_json(client, body)) == "malformed_json"


@pytest.mark.sec("SEC-13")
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
async def test_thirty_two_levels_are_read_and_thirty_three_are_not(
    client: AsgiClient, opening: str, closing: str
) -> None:
    allowed = opening * 31 + "[]" + closing * 31
    refused = opening * 32 + "[]" + closing * 32
    assert rule_of(await post_json(client, allowed.encode())) != "too_deep"
    assert rule_of(await post_json(client, refused.encode())) == "too_deep"


async def test_the_largest_numbers_pass(client: AsgiClient) -> None:
    for number in (9223372036854775807, -9223372036854775808, 1.5e300):
        body = json.dumps({"phone": "0912345678", "name": number}).encode()
        assert rule_of(await post_json(client, body)) == "wrong_type"


async def test_other_json_media_types_are_just_as_strict(client: AsgiClient) -> None:
    for media_type in ("application/vnd.api+json", "Application/JSON; charset=utf-8"):
        answer = await post_json(client, b'{"a":1,"a":2}', **{"Content-Type": media_type})
        assert rule_of(answer) == "duplicate_key"
