"""What a phone number and an e-mail address must look like here, and when an address looks like an employer's."""

import re
from typing import Final

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.email_address import normal_email

_GROUPING: Final = re.compile(r"[\s.\-\u2010-\u2015]")
_NATIONAL: Final = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])[0-9]{7}", re.ASCII)
_COUNTRY: Final = re.compile(r"\+?84(?=[1-9][0-9]{8}$)")
_SHOWN_OF_LOCAL_PART: Final = 1

# Providers at which people have a mail box of their own in Vietnam; any other domain belongs to somebody.
_PERSONAL_DOMAINS: Final = frozenset(
    {
        "aol.com",
        "fastmail.com",
        "gmail.com",
        "gmx.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.com.vn",
        "icloud.com",
        "live.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "outlook.com.vn",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "rocketmail.com",
        "tutanota.com",
        "yahoo.com",
        "yahoo.com.vn",
        "yandex.com",
        "ymail.com",
        "zoho.com",
    }
)
# Boxes of an office, whoever the provider is: accounting, personnel, administration, front desk.
_SHARED_BOXES: Final = frozenset(
    {"admin", "contact", "hanhchinh", "hr", "info", "ketoan", "lienhe", "nhansu", "office", "sales", "support"}
)


def mobile_phone(raw: str) -> str | None:
    """Return the number in E.164 (`+84…`); `None` if it is no Vietnamese mobile number.

    Accepts a leading 0, 84 or +84, and blanks, dots or dashes between the digits.
    """
    national = _COUNTRY.sub("0", _GROUPING.sub("", raw), count=1)
    return f"+84{national[1:]}" if _NATIONAL.fullmatch(national) else None


def normal_value(slot: ContactSlot, raw: str) -> str | None:
    """Return the value as it is stored; `None` if it is not what the slot takes."""
    return normal_email(raw) if slot == "email" else mobile_phone(raw)


def comparable(slot: ContactSlot, value: str) -> tuple[str, str]:
    """Return the kind of contact and the form in which two spellings of one are equal."""
    return ("email", value.casefold()) if slot == "email" else ("phone", value)


def looks_like_a_company(address: str) -> bool:
    """Say whether the address is probably an employer's: its holder may lose it with the job (U-07)."""
    local, _, domain = address.casefold().rpartition("@")
    return domain not in _PERSONAL_DOMAINS or local.split("+")[0] in _SHARED_BOXES


def masked(slot: ContactSlot, value: str) -> str:
    """Return what a screen may show: the last three digits, or the first letter and the domain."""
    if slot != "email":
        return f"••• ••• {value[-3:]}"
    local, _, domain = value.rpartition("@")
    return f"{local[:_SHOWN_OF_LOCAL_PART]}•••@{domain}"
