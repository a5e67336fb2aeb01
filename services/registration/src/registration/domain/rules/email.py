"""One e-mail address, in the form every mail server accepts."""

import re
from typing import Final

from registration.domain.rules.refusal import Rule, RuleBrokenError, Text

EMAIL_MAX_CHARACTERS: Final = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
_LOCAL_MAX_CHARACTERS: Final = 64  # RFC 5321, 4.5.3.1.1

EMAIL: Final = Rule(
    "email",
    Text(
        "Địa chỉ thư điện tử không đúng. Chỉ nhập một địa chỉ, tối đa 254 ký tự.",
        "This is not an e-mail address. Type one address only, at most 254 characters.",
    ),
    Text("Ví dụ: ten@example.com. Có thể để trống.", "For example: name@example.com. It may be left empty."),
)
EMAIL_NEEDED: Final = Rule(
    "email_needed",
    Text(
        "Đã chọn gửi email tờ khai nhưng chưa nhập địa chỉ thư điện tử.",
        "Sending the declaration by e-mail was chosen, but no address was entered.",
    ),
    Text("Nhập địa chỉ thư điện tử hoặc bỏ chọn ô này.", "Enter an address, or untick the box."),
)
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+[A-Za-z]{{2,63}})")


def email(raw: str) -> str:
    """Return the address, its domain in lower case. Quoted local parts and address literals are not accepted."""
    address = raw.strip(" ")
    match = _ADDRESS.fullmatch(address) if len(address) <= EMAIL_MAX_CHARACTERS else None
    if match is None or len(match["local"]) > _LOCAL_MAX_CHARACTERS:
        raise RuleBrokenError(EMAIL)
    return f"{match['local']}@{match['domain'].lower()}"
