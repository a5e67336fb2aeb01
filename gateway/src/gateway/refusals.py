"""Every answer the gateway gives by itself: a refusal with a stable code and words in both languages."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

RefusalCode = Literal[
    "target_invalid",
    "target_too_long",
    "request_invalid",
    "host_invalid",
    "header_invalid",
    "headers_too_large",
    "body_not_allowed",
    "body_too_large",
    "request_too_slow",
    "route_unknown",
    "method_not_allowed",
    "session_required",
    "session_replaced",
    "session_ended",
    "caller_not_allowed",
    "scope_missing",
    "origin_not_allowed",
    "too_many_requests",
    "session_check_unavailable",
    "overloaded",
    "upstream_unavailable",
    "upstream_failed",
    "upstream_too_slow",
    "unexpected",
]


@dataclass(frozen=True, slots=True)
class Wording:
    status: int
    vi: str
    en: str


WORDINGS: dict[RefusalCode, Wording] = {
    "target_invalid": Wording(400, "Địa chỉ yêu cầu không hợp lệ.", "The address asked for is not valid."),
    "target_too_long": Wording(414, "Địa chỉ yêu cầu quá dài.", "The address asked for is too long."),
    "request_invalid": Wording(400, "Yêu cầu không đúng quy cách HTTP.", "The request is not valid HTTP."),
    "host_invalid": Wording(400, "Tên máy chủ trong yêu cầu không đúng.", "The Host header is missing or wrong."),
    "header_invalid": Wording(400, "Tiêu đề của yêu cầu không hợp lệ.", "A header of the request is not valid."),
    "headers_too_large": Wording(431, "Phần tiêu đề của yêu cầu quá lớn.", "The headers are too many or too large."),
    "body_not_allowed": Wording(400, "Yêu cầu này không được kèm nội dung.", "This request must not have a body."),
    "body_too_large": Wording(413, "Nội dung gửi lên quá lớn.", "The body is too large."),
    "request_too_slow": Wording(408, "Yêu cầu gửi lên quá chậm. Vui lòng gửi lại.", "The request came too slowly."),
    "route_unknown": Wording(404, "Không tìm thấy địa chỉ này.", "There is nothing at this address."),
    "method_not_allowed": Wording(405, "Địa chỉ này không nhận cách gọi đó.", "This address has no such method."),
    "session_required": Wording(
        401,
        "Vui lòng đăng nhập. Nếu chưa có tài khoản, hãy đăng ký.",
        "Please log in. If you have no account yet, please register.",
    ),
    "session_replaced": Wording(
        401,
        "Tài khoản đã được đăng nhập trên thiết bị khác.",
        "The account has been logged in on another device.",
    ),
    "session_ended": Wording(
        401,
        "Phiên đăng nhập đã kết thúc. Vui lòng đăng nhập lại.",
        "The session has ended. Please log in again.",
    ),
    "caller_not_allowed": Wording(403, "Tài khoản không được dùng chức năng này.", "This account may not do this."),
    "scope_missing": Wording(
        403, "Mã truy cập không có phạm vi cần thiết.", "The token is not for the scope this needs."
    ),
    "origin_not_allowed": Wording(
        403, "Yêu cầu đến từ trang không được phép.", "The request comes from a page that may not send it."
    ),
    "too_many_requests": Wording(
        429, "Quá nhiều yêu cầu. Vui lòng thử lại sau ít phút.", "Too many requests. Please try again shortly."
    ),
    "session_check_unavailable": Wording(
        503,
        "Tạm thời chưa kiểm tra được phiên đăng nhập. Vui lòng thử lại.",
        "Sessions cannot be checked right now. Please try again.",
    ),
    "overloaded": Wording(503, "Hệ thống đang bận. Vui lòng thử lại.", "The system is busy. Please try again."),
    "upstream_unavailable": Wording(
        503, "Dịch vụ tạm thời gián đoạn. Vui lòng thử lại.", "The service is down right now. Please try again."
    ),
    "upstream_failed": Wording(
        502, "Dịch vụ gặp lỗi khi trả lời. Vui lòng thử lại.", "The service broke off. Please try again."
    ),
    "upstream_too_slow": Wording(
        504, "Dịch vụ trả lời quá chậm. Vui lòng thử lại.", "The service took too long. Please try again."
    ),
    "unexpected": Wording(500, "Đã có lỗi ngoài dự kiến.", "Something unexpected went wrong."),
}


@dataclass(slots=True, eq=False)
class Refusal(Exception):  # noqa: N818 - it is the gateway's answer, and only sometimes the client's error
    """The gateway answers this request itself, with a problem document (RFC 9457).

    Attributes:
        facts: Further members of the problem document; nothing personal.
        headers: Further response headers, names in lower case.
        closes: The connection cannot be used again: the rest of the request is unread or cannot be trusted.
    """

    code: RefusalCode
    facts: dict[str, object] = field(default_factory=dict)
    headers: tuple[tuple[bytes, bytes], ...] = ()
    retry_after_seconds: int | None = None
    closes: bool = False

    @property
    def status(self) -> int:
        return WORDINGS[self.code].status

    def body(self, request_id: str) -> bytes:
        wording = WORDINGS[self.code]
        problem: dict[str, object] = {
            "type": f"urn:ansinh:problem:{self.code}",
            "title": HTTPStatus(wording.status).phrase,
            "status": wording.status,
            "code": self.code,
            "message": {"vi": wording.vi, "en": wording.en},
            **self.facts,
            "request_id": request_id,
        }
        return json.dumps(problem, ensure_ascii=False, separators=(",", ":")).encode()

    def response_headers(self, body: bytes, request_id: str) -> list[tuple[bytes, bytes]]:
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-request-id", request_id.encode()),
            *self.headers,
        ]
        if self.retry_after_seconds is not None:
            headers.append((b"retry-after", str(self.retry_after_seconds).encode()))
        if self.closes:
            headers.append((b"connection", b"close"))
        return headers
