"""The e-mail address notices go to."""

from typing import Final

from ansinh_kit.email_address import normal_email

from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError

EMAIL: Final = Rule(
    "email",
    Text(
        "Địa chỉ thư điện tử không đúng. Chỉ nhập một địa chỉ, tối đa 254 ký tự.",
        "This is not an e-mail address. Type one address only, at most 254 characters.",
    ),
    Text("Ví dụ: ten@example.com. Có thể để trống.", "For example: name@example.com. It may be left empty."),
)


def email(raw: str) -> str:
    """Return the address as `normal_email` does."""
    address = normal_email(raw)
    if address is None:
        raise RuleBrokenError(EMAIL)
    return address
