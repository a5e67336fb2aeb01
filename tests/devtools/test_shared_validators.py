"""Tests share the validators of their applications, and only where these are the same."""

from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from tests.plugins.shared_validators import SharedValidators


class Body(BaseModel):
    name: str


@pytest.fixture
def shared() -> SharedValidators:
    return SharedValidators(TypeAdapter)


def test_what_is_the_same_is_made_once(shared: SharedValidators) -> None:
    first, second = (shared(Annotated[str, Field(min_length=3)]) for _ in range(2))
    assert first is second


def test_other_options_are_another_validator(shared: SharedValidators) -> None:
    shared(Annotated[str, Field(min_length=3)]).validate_python("abc")
    with pytest.raises(ValidationError):
        shared(Annotated[str, Field(min_length=4)]).validate_python("abc")


def test_classes_of_one_name_are_not_taken_for_each_other(shared: SharedValidators) -> None:
    def named_body(kind: type) -> type[BaseModel]:
        return type("Body", (BaseModel,), {"__annotations__": {"name": kind}})

    shared(Annotated[named_body(str), Field()]).validate_python({"name": "An"})
    with pytest.raises(ValidationError):
        shared(Annotated[named_body(int), Field()]).validate_python({"name": "An"})


def test_fastapi_asks_for_them_here(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def make(annotated: Any, **_: object) -> TypeAdapter[Any]:  # noqa: ANN401 - any type may come
        made.append(annotated)
        return TypeAdapter(annotated)

    monkeypatch.setattr("fastapi._compat.v2.TypeAdapter", SharedValidators(make))
    for _ in range(2):
        app = FastAPI()

        @app.post("/")
        async def answer(body: Body, page: Annotated[int, Query(ge=1)] = 1) -> Body:
            del page
            return body

        assert app.routes
    assert len(made) == len({repr(each) for each in made}) > 0
