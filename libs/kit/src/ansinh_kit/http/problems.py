"""Every refusal as problem details (RFC 9457): one shape, one table from errors to answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic_core import to_jsonable_python
from starlette.responses import Response

from ansinh_kit.errors import (
    ConcurrencyConflictError,
    DomainError,
    ForbiddenError,
    InvalidFieldsError,
    NotFoundError,
    RefusedError,
    SlowDownError,
)
from ansinh_kit.http.bilingual import Bilingual
from ansinh_kit.http.request_context import current_request_id
from ansinh_kit.http.versions import VersionRequiredError

PROBLEM_MEDIA_TYPE: Final = "application/problem+json"
_MEMBERS: Final = frozenset({"type", "title", "status", "detail", "instance", "code", "request_id", "message"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal. `code` is what programs branch on, `message` what a person reads, `facts` what both may use."""

    status: int
    code: str
    title: str
    message: Bilingual
    facts: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        facts = {name: value for name, value in self.facts.items() if name not in _MEMBERS}
        return {
            "type": f"urn:ansinh:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "request_id": current_request_id(),
            "message": self.message.as_dict(),
            **to_jsonable_python(facts),
        }

    def response(self) -> Response:
        return Response(
            json.dumps(self.body(), ensure_ascii=False),
            status_code=self.status,
            headers=dict(self.headers),
            media_type=PROBLEM_MEDIA_TYPE,
        )


def _no_headers(_error: DomainError) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Answer:
    """How one class of errors is answered; `headers` are those that its facts are to be read from, too."""

    status: int
    title: str
    message: Bilingual
    headers: Callable[[DomainError], Mapping[str, str]] = _no_headers


class ErrorTable:
    """From error classes to answers; a class without its own row is answered like its nearest base.

    A service adds rows: `ErrorTable({SessionExistsError: Answer(409, "Session exists", Bilingual(...))})`.
    """

    def __init__(self, own: Mapping[type[DomainError], Answer] | None = None) -> None:
        self._answers = {**_BASES, **(own or {})}

    def problem(self, error: DomainError, *, client_named_version: bool = False) -> Problem:
        """Return the answer to `error` with its facts.

        Args:
            client_named_version: The request had `If-Match`: a conflict is then 412, else 409.
        """
        answer = next(self._answers[base] for base in type(error).__mro__ if base in self._answers)
        status = answer.status
        if isinstance(error, ConcurrencyConflictError) and client_named_version:
            status = 412
        retry_after = getattr(error, "retry_after_seconds", None)
        headers = dict(answer.headers(error))
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        return Problem(status, error.code, answer.title, answer.message, error.facts(), headers)


def standard_problem(status: int, *, code: str | None = None, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the problem with the fixed texts of `status`; statuses without texts read like 400 or 500."""
    known = _STANDARD.get(status) or _STANDARD[500 if status >= 500 else 400]  # noqa: PLR2004 - the class of the status
    return Problem(status, code or known.code, known.title, known.message, headers=headers or {})


@dataclass(frozen=True, slots=True)
class _Standard:
    code: str
    title: str
    message: Bilingual


_STANDARD: Final[Mapping[int, _Standard]] = {
    400: _Standard(
        "bad_request",
        "Bad request",
        Bilingual("Yêu cầu không đúng dạng.", "The request is malformed."),
    ),
    401: _Standard(
        "unauthenticated",
        "Not signed in",
        Bilingual("Vui lòng đăng nhập để tiếp tục.", "Please sign in to go on."),
    ),
    403: _Standard(
        "forbidden",
        "Not allowed",
        Bilingual("Tài khoản này không có quyền làm việc đó.", "You are not allowed to do this."),
    ),
    404: _Standard(
        "not_found",
        "Not found",
        Bilingual("Không tìm thấy nội dung này.", "There is nothing here."),
    ),
    405: _Standard(
        "method_not_allowed",
        "Method not allowed",
        Bilingual("Thao tác này không dùng được ở đây.", "This method cannot be used here."),
    ),
    409: _Standard(
        "refused",
        "Refused",
        Bilingual("Trạng thái hiện tại không cho phép thao tác này.", "The present state does not allow this."),
    ),
    412: _Standard(
        "precondition_failed",
        "Changed meanwhile",
        Bilingual("Nội dung vừa thay đổi. Hãy tải lại rồi thử lại.", "This has just changed. Reload and try again."),
    ),
    413: _Standard(
        "body_too_large",
        "Body too large",
        Bilingual("Nội dung gửi lên quá lớn.", "What was sent is too large."),
    ),
    415: _Standard(
        "unsupported_media_type",
        "Unsupported media type",
        Bilingual("Định dạng nội dung không được hỗ trợ.", "This kind of content is not accepted here."),
    ),
    422: _Standard(
        "invalid_fields",
        "Invalid fields",
        Bilingual("Vui lòng kiểm tra lại các thông tin được đánh dấu.", "Please check the fields that are marked."),
    ),
    428: _Standard(
        "precondition_required",
        "Version required",
        Bilingual("Thiếu phiên bản của nội dung cần sửa.", "The version to be changed must be named."),
    ),
    429: _Standard(
        "slow_down",
        "Slow down",
        Bilingual("Thao tác quá nhanh. Vui lòng đợi rồi thử lại.", "Too many requests. Please wait and try again."),
    ),
    500: _Standard(
        "unexpected",
        "Unexpected error",
        Bilingual("Đã có lỗi xảy ra. Vui lòng thử lại sau.", "Something went wrong. Please try again later."),
    ),
    503: _Standard(
        "unavailable",
        "Unavailable",
        Bilingual(
            "Hệ thống tạm thời gián đoạn. Vui lòng thử lại sau ít phút.",
            "The service is not available right now. Please try again in a few minutes.",
        ),
    ),
}


def _answer(status: int, *, texts_of: int | None = None) -> Answer:
    standard = _STANDARD[texts_of or status]
    return Answer(status, standard.title, standard.message)


_BASES: Final[Mapping[type[DomainError], Answer]] = {
    DomainError: _answer(409),
    NotFoundError: _answer(404),
    RefusedError: _answer(409),
    ForbiddenError: _answer(403),
    ConcurrencyConflictError: _answer(409, texts_of=412),
    SlowDownError: _answer(429),
    VersionRequiredError: _answer(428),
    InvalidFieldsError: _answer(422),
}
