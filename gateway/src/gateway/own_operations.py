"""What the gateway answers by itself, described in the form in which the services describe theirs."""

from typing import Final

from ansinh_kit.http.problem_schema import PROBLEM_RESPONSES

from gateway.openapi import Json

_STREAM_EXAMPLE: Final = """\
retry: 2750
event: open
data: {}

: still valid

event: session_ended
data: {"type":"urn:ansinh:problem:session_replaced","status":401,"code":"session_replaced",\
"replaced_at":"2026-03-02T02:05:00+00:00","new_device_kind":"phone",\
"message":{"vi":"Tài khoản đã được đăng nhập trên điện thoại lúc 09:05 02/03/2026. Thiết bị này đã được đăng xuất.",\
"en":"The account was logged in on a phone at 09:05 02/03/2026 (Vietnam time). This device has been logged out."}}

"""

_EVENTS: Final[Json] = {
    "operationId": "follow_events",
    "summary": "News of the own session, at once",
    "description": (
        "Server-sent events. `open` comes first; a comment every few seconds says that the session has just been "
        "checked; `session_ended` says why it is over and is the last; `closing` asks to come back after the time in "
        "`retry`. An open stream does not keep a session from ending. At most three for each session."
    ),
    "responses": {
        "200": {
            "description": "The stream, open until the session ends.",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _STREAM_EXAMPLE}},
        },
        "default": PROBLEM_RESPONSES["default"],
    },
}

OWN_OPERATIONS: Final[dict[str, Json]] = {"news": {"paths": {"/v1/events": {"get": _EVENTS}}}}
