from typing import Any

import pytest
from ansinh_kit.testing.asgi_client import AsgiClient, HttpAnswer
from ansinh_kit.testing.callers import REQUEST_ID, a_guest

VALID_FORM = {"phone": "0912345678"}


async def post_form(client: AsgiClient, form: object) -> HttpAnswer:
    return await client.request("POST", "/v1/forms/1", caller=a_guest(), json_body=form)


def only_error(answer: HttpAnswer) -> dict[str, Any]:
    assert answer.status == 422
    (error,) = answer.json()["errors"]
    return dict(error)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("not_found", 404, "not_found"),
        ("refused", 409, "refused"),
        ("forbidden", 403, "forbidden"),
        ("conflict", 409, "concurrency_conflict"),
        ("slow_down", 429, "slow_down"),
        ("invalid", 422, "invalid_fields"),
        ("unavailable", 503, "unavailable"),
        ("unexpected", 500, "unexpected"),
        ("seat_taken", 409, "seat_taken"),
        ("seat_gone", 409, "seat_gone"),
    ],
)
async def test_every_error_has_its_answer(client: AsgiClient, name: str, status: int, code: str) -> None:
    answer = await client.request("GET", f"/v1/errors/{name}", caller=a_guest())
    body = answer.json()
    assert (answer.status, body["status"], body["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"urn:ansinh:problem:{code}"
    assert body["request_id"] == REQUEST_ID
    assert body["message"]["vi"]
    assert body["message"]["en"]


async def test_a_conflict_is_412_if_the_client_named_a_version(client: AsgiClient) -> None:
    answer = await client.request("GET", "/v1/errors/conflict", caller=a_guest(), headers={"If-Match": '"3"'})
    assert answer.status == 412
    assert answer.json()["status"] == 412


async def test_waiting_times_are_headers(client: AsgiClient) -> None:
    slow = await client.request("GET", "/v1/errors/slow_down", caller=a_guest())
    down = await client.request("GET", "/v1/errors/unavailable", caller=a_guest())
    assert (slow.headers["retry-after"], down.headers["retry-after"]) == ("30", "7")


async def test_an_errors_facts_are_members_and_never_replace_standard_ones(client: AsgiClient) -> None:
    body = (await client.request("GET", "/v1/errors/seat_taken", caller=a_guest())).json()
    assert body["seat"] == 4
    assert body["status"] == 409
    assert "Nguyen Van A" not in str(body)


async def test_a_services_own_row_answers_for_its_subclasses(client: AsgiClient) -> None:
    body = (await client.request("GET", "/v1/errors/seat_gone", caller=a_guest())).json()
    assert body["message"] == {"vi": "Chỗ này đã có người.", "en": "This seat is taken."}


@pytest.mark.sec("SEC-66")
async def test_an_unexpected_errors_text_stays_inside(client: AsgiClient) -> None:
    answer = await client.request("GET", "/v1/errors/unexpected", caller=a_guest())
    assert b"Nguyen" not in answer.body
    assert b"ValueError" not in answer.body


async def test_a_field_error_names_field_rule_and_both_texts(client: AsgiClient) -> None:
    assert only_error(await post_form(client, {"phone": "0212345678"})) == {
        "field": "phone",
        "rule": "mobile_phone",
        "message": {"vi": "Số điện thoại di động không đúng.", "en": "This is not a mobile phone number."},
        "way_out": {"vi": "Ví dụ 09….", "en": "For example 09…."},
    }


@pytest.mark.parametrize(
    ("form", "field", "rule"),
    [
        ({}, "phone", "required"),
        ({**VALID_FORM, "name": "A"}, "name", "too_short"),
        ({**VALID_FORM, "name": "A" * 11}, "name", "too_long"),
        ({**VALID_FORM, "name": 5}, "name", "wrong_type"),
        ({**VALID_FORM, "reasons": ["a"] * 4}, "reasons", "too_many"),
        ({**VALID_FORM, "reasons": ["a", 1]}, "reasons.1", "wrong_type"),
        ({**VALID_FORM, "role": "admin"}, "role", "unknown_field"),
        ([], "body", "wrong_type"),
        ("text", "body", "wrong_type"),
    ],
)
@pytest.mark.sec("SEC-10")
async def test_rules_of_the_model_have_our_names_and_texts(
    client: AsgiClient, form: object, field: str, rule: str
) -> None:
    error = only_error(await post_form(client, form))
    assert (error["field"], error["rule"]) == (field, rule)
    assert "{" not in str(error["message"].values())


async def test_limits_stand_in_the_text(client: AsgiClient) -> None:
    error = only_error(await post_form(client, {**VALID_FORM, "name": "A" * 11}))
    assert error["message"] == {"vi": "Không được quá 10 ký tự.", "en": "At most 10 characters are allowed."}


async def test_what_was_typed_in_is_never_sent_back(client: AsgiClient) -> None:
    answer = await post_form(client, {"phone": "0298765432", "name": "A" * 11, "secret_field": "s3cret-value"})
    assert answer.status == 422
    for typed in (b"0298765432", b"AAAAAAAAAAA", b"s3cret-value"):
        assert typed not in answer.body


async def test_all_broken_fields_are_told_at_once(client: AsgiClient) -> None:
    answer = await post_form(client, {"phone": "1", "name": "", "x": 1})
    assert {error["field"] for error in answer.json()["errors"]} == {"phone", "name", "x"}


@pytest.mark.sec("LIM-25")
@pytest.mark.parametrize(("size", "status"), [("100", 200), ("101", 422), ("0", 422), ("x", 422)])
async def test_a_query_parameter_has_its_rule(client: AsgiClient, size: str, status: int) -> None:
    answer = await client.request("GET", f"/v1/forms?page_size={size}", caller=a_guest())
    assert answer.status == status
    if status == 422:
        assert only_error(answer)["field"] == "page_size"


async def test_a_domains_field_error_reads_like_the_models(client: AsgiClient) -> None:
    error = only_error(await client.request("GET", "/v1/errors/invalid", caller=a_guest()))
    assert error["field"] == "agency_code"
    assert error["message"]["en"] == "At most 4 characters are allowed."


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/v1/nowhere", 404, "not_found"), ("DELETE", "/v1/forms", 405, "method_not_allowed")],
)
async def test_the_routers_refusals_are_problems(
    client: AsgiClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path, caller=a_guest())
    assert (answer.status, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "image/png", None])
async def test_a_body_that_is_not_json_is_415_where_json_is_due(client: AsgiClient, media_type: str | None) -> None:
    headers = {} if media_type is None else {"Content-Type": media_type}
    answer = await client.request(
        "POST", "/v1/forms/1", caller=a_guest(), body=b'{"phone":"0912345678"}', headers=headers
    )
    assert (answer.status, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_a_missing_body_is_a_field_error(client: AsgiClient) -> None:
    answer = await client.request("POST", "/v1/forms/1", caller=a_guest())
    assert only_error(answer)["rule"] == "required"


@pytest.mark.parametrize("path", ["/v1/forms", "/v1/nowhere", "/v1/errors/unexpected", "/health/live"])
@pytest.mark.sec("SEC-14")
async def test_every_answer_is_no_store_and_nosniff(client: AsgiClient, path: str) -> None:
    headers = (await client.request("GET", path, caller=a_guest())).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"].startswith("application/")
