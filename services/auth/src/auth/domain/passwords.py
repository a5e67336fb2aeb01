"""Which passwords are accepted, and why one is not, in both languages. Length and blocklist; no composition rule."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from ansinh_kit.errors import DomainError

_LOWEST_SHORTEST = 15
_OWN_CHARACTERS_AT_LEAST = 6
_SHORTEST_CONTEXT_WORD = 3
SERVICE_WORDS = ("an sinh so", "ansinh", "ansinhso", "bao hiem xa hoi", "bhxh", "vssid", "mat khau", "password")


@dataclass(frozen=True, slots=True)
class PasswordFault:
    """One reason; `rule` is stable, the texts are for the person."""

    rule: str
    vi: str
    en: str


class PasswordRefusedError(DomainError):
    """The password cannot be taken; `faults` says all reasons at once."""

    code = "password_refused"

    def __init__(self, faults: tuple[PasswordFault, ...]) -> None:
        super().__init__(", ".join(fault.rule for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules:
    """LIM-01 to LIM-03. `common` holds folded passwords (see `folded`)."""

    shortest: int = _LOWEST_SHORTEST
    longest: int = 128
    common: frozenset[str] = field(default=frozenset(), repr=False)

    def __post_init__(self) -> None:
        if self.shortest < _LOWEST_SHORTEST:
            raise ValueError("LIM-01: a password without a bound device key has at least 15 characters")

    def faults(self, password: str, context: Iterable[str] = ()) -> tuple[PasswordFault, ...]:
        """Return why `password` is refused; empty if it is accepted.

        Args:
            context: What a stranger may know: the person's numbers, name, phone, e-mail.
        """
        password = normalised(password)
        if any("\ud800" <= character <= "\udfff" for character in password):
            return (_NOT_TEXT,)
        if len(password) < self.shortest:
            return (_too_short(self.shortest),)
        if len(password) > self.longest:
            return (_too_long(self.longest),)
        if folded(password) in self.common:
            return (_COMMON,)
        return (_CONTEXT,) if _is_made_of(password, (*context, *SERVICE_WORDS)) else ()

    def check(self, password: str, context: Iterable[str] = ()) -> None:
        """Return if the password is accepted.

        Raises:
            PasswordRefusedError: With every reason.
        """
        faults = self.faults(password, context)
        if faults:
            raise PasswordRefusedError(faults)


def normalised(password: str) -> str:
    """Return the form that is counted and hashed: NFC, nothing else changed (SEC-35)."""
    return unicodedata.normalize("NFC", password)


def folded(text: str) -> str:
    """Return `text` as a guesser would write it: no marks, no case, `đ` as `d`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).replace("đ", "d")


def _is_made_of(password: str, context: Iterable[str]) -> bool:
    """Tell whether next to nothing is left of the whole password once known words, and years, are taken out."""
    rest = _letters_and_digits(password)
    for word in sorted(_derivatives(context), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(re.sub(r"(19|20)\d\d", "", rest)) < _OWN_CHARACTERS_AT_LEAST and rest != _letters_and_digits(password)


def _derivatives(context: Iterable[str]) -> set[str]:
    words: set[str] = set()
    for text in context:
        parts = [_letters_and_digits(part) for part in re.split(r"[\s@.,_-]+", text)]
        words.update((*parts, "".join(parts), "".join(reversed(parts))))
        if text.startswith("+84"):
            words.add("0" + text[3:])
    return {word for word in words if len(word) >= _SHORTEST_CONTEXT_WORD}


def _letters_and_digits(text: str) -> str:
    return "".join(character for character in folded(text) if character.isalnum())


_NOT_TEXT = PasswordFault(
    "not_text",
    "Mật khẩu có ký tự không hợp lệ. Hãy gõ lại mật khẩu.",
    "The password has characters that are not text. Type it again.",
)
_COMMON = PasswordFault(
    "too_common",
    "Mật khẩu này nhiều người dùng nên dễ bị đoán. Hãy chọn mật khẩu khác, ví dụ một câu chỉ bạn nghĩ ra.",
    "Many people use this password, so it is easy to guess. Choose another one, for example a sentence of your own.",
)
_CONTEXT = PasswordFault(
    "made_of_known_words",
    "Mật khẩu chỉ gồm tên, số của bạn hoặc tên dịch vụ nên dễ bị đoán. Hãy thêm từ khác.",
    "The password is made of your name, your numbers or the service's name, so it is easy to guess. Add other words.",
)


def _too_short(shortest: int) -> PasswordFault:
    return PasswordFault(
        "too_short",
        f"Mật khẩu cần ít nhất {shortest} ký tự. Bạn có thể dùng cả một câu, có dấu cách.",
        f"The password needs at least {shortest} characters. A whole sentence with spaces is fine.",
    )


def _too_long(longest: int) -> PasswordFault:
    return PasswordFault(
        "too_long",
        f"Mật khẩu có nhiều nhất {longest} ký tự.",
        f"The password has at most {longest} characters.",
    )
