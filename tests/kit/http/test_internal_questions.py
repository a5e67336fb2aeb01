import json

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.internal_questions import internal_question
from ansinh_kit.testing.asgi_client import AsgiClient
from ansinh_kit.testing.callers import a_citizen, a_guest, a_service, an_officer
from pydantic import BaseModel, ConfigDict, Field

from tests.kit.http.edge_app import Service

PATH = "/internal/words"


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: tuple[str, ...] = Field(max_length=2)


async def answer(question: Question) -> bytes:
    if question.words == ("away",):
        raise UnavailableError("mongodb", retry_after_seconds=7)
    return json.dumps({"words": len(question.words)}).encode()


@pytest.fixture
def asked(service: Service) -> AsgiClient:
    service.app.router.routes.insert(0, internal_question(PATH, Question, answer))
    return service.client


async def test_a_service_is_answered_and_the_route_counted(asked: AsgiClient, service: Service) -> None:
    found = await asked.request("POST", PATH, caller=a_service(), json_body={"words": ["a", "b"]})
    assert (found.status, found.json(), found.headers["content-type"]) == (200, {"words": 2}, "application/json")
    assert found.headers["cache-control"] == "no-store"
    text = service.metrics.exposition()[0].decode()
    assert f'http_request_duration_seconds_count{{method="POST",route="{PATH}",status="200"}} 1.0' in text


@pytest.mark.sec("SEC-40")
@pytest.mark.parametrize(("caller", "status"), [(None, 401), (a_guest(), 401), (a_citizen(), 403), (an_officer(), 403)])
async def test_nobody_else_is(asked: AsgiClient, caller: Caller | None, status: int) -> None:
    assert (await asked.request("POST", PATH, caller=caller, json_body={"words": []})).status == status


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"words": ["a", "b", "c"]}', "words"),
        (b'{"words": [1]}', "words.0"),
        (b'{"words": [], "more": 1}', "more"),
        (b'{"words": [], "words": []}', "body"),
        (b"[]", "body"),
        (b"", "body"),
    ],
)
async def test_what_is_no_question_is_told_where(asked: AsgiClient, body: bytes, field: str) -> None:
    headers = {"Content-Type": "application/json"}
    refused = await asked.request("POST", PATH, caller=a_service(), body=body, headers=headers)
    assert refused.status == 422
    assert [entry["field"] for entry in refused.json()["errors"]] == [field]


async def test_other_methods_media_and_lengths_are_refused(asked: AsgiClient) -> None:
    assert (await asked.request("GET", PATH, caller=a_service())).status == 405
    assert (await asked.request("POST", PATH, caller=a_service(), body=b"words=a")).status == 415
    headers = {"Content-Type": "application/json"}
    assert (await asked.request("POST", PATH, caller=a_service(), body=b" " * 300_000, headers=headers)).status == 413


async def test_what_is_away_is_said(asked: AsgiClient) -> None:
    found = await asked.request("POST", PATH, caller=a_service(), json_body={"words": ["away"]})
    assert (found.status, found.headers["retry-after"]) == (503, "7")
