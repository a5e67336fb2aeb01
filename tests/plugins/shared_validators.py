"""One validator for one parameter in a whole run, where every test builds an application of its own.

FastAPI makes a validator for each parameter and answer of each route whenever an application is built. An application
has about a hundred routes and thousands of tests build one: that was a quarter of the time of a run. Validators keep
nothing between calls, so tests may share them; what the services do is unchanged.
"""

from collections.abc import Callable
from typing import Any, get_args

import pytest
from fastapi._compat import v2
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo


class SharedValidators:
    """Stands in for `TypeAdapter` and makes each only once.

    Two parameters are the same if type, marks and options are. What is compared by its `repr` is kept alive with the
    validator, so that an address printed there is never taken by something else.
    """

    def __init__(self, make: Callable[..., TypeAdapter[Any]]) -> None:
        self._make = make
        self._made: dict[tuple[object, ...], tuple[object, TypeAdapter[Any]]] = {}

    def __call__(self, annotated: Any, *, config: Any = None) -> TypeAdapter[Any]:  # noqa: ANN401 - any type may come
        kind, *marks = get_args(annotated)
        key = (kind, *(_options(mark) for mark in marks), repr(config))
        if key not in self._made:
            self._made[key] = (annotated, self._make(annotated, config=config))
        return self._made[key][1]


def _options(mark: object) -> str:
    return repr((type(mark), mark, mark.default_factory)) if isinstance(mark, FieldInfo) else repr((type(mark), mark))


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    # A release of FastAPI that makes them elsewhere costs time and nothing else: `test_shared_validators` tells.
    vars(v2)["TypeAdapter"] = SharedValidators(TypeAdapter)
