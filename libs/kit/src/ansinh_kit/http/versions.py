"""Versions on the wire: `ETag` out, `If-Match` in, so that nobody decides on what they have not seen."""

import re
from typing import Annotated, ClassVar, Final

from fastapi import Depends, Header, Request

from ansinh_kit.errors import FieldViolation, InvalidFieldsError, RefusedError

_ETAG: Final = re.compile(r'"(\d{1,9})"')


class VersionRequiredError(RefusedError):
    """The route changes only what the caller has seen, and the request has no `If-Match`."""

    code: ClassVar[str] = "version_required"


def etag(version: int) -> str:
    """Return the version as an entity tag: `"7"`."""
    return f'"{version}"'


def names_version(request: Request) -> bool:
    """Say whether the client named a version: a lost race is then its 412, otherwise 409."""
    return "if-match" in request.headers


async def optional_version(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """Return the version of `If-Match`; `None` if there is none.

    Raises:
        InvalidFieldsError: It is not one entity tag made by `etag`.
    """
    if if_match is None:
        return None
    found = _ETAG.fullmatch(if_match)
    if found is None:
        raise InvalidFieldsError([FieldViolation("If-Match", "wrong_form")])
    return int(found.group(1))


async def required_version(version: Annotated[int | None, Depends(optional_version)]) -> int:
    """Return the version of `If-Match`.

    Raises:
        VersionRequiredError: There is none.
    """
    if version is None:
        raise VersionRequiredError("If-Match is required")
    return version


ExpectedVersion = Annotated[int | None, Depends(optional_version)]
RequiredVersion = Annotated[int, Depends(required_version)]
