"""One e-mail address, in the form every mail server accepts."""

from typing import Final

from ansinh_kit.email_address import normal_email

from registration.domain.rules.refusal import Rule, RuleBrokenError, Text

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


def email(raw: str) -> str:
    """Return the address as `normal_email` does."""
    address = normal_email(raw)
    if address is None:
        raise RuleBrokenError(EMAIL)
    return address
