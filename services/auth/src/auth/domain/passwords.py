"""Which passwords are accepted, and why one is not: by length and blocklist. There is no composition rule."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ansinh_kit.errors import FieldViolation, InvalidFieldsError

LONGEST = 128
_LOWEST_SHORTEST = 15
_LOWEST_SHORTEST_WITH_DEVICE = 8
_OWN_CHARACTERS_AT_LEAST = 6
_SHORTEST_CONTEXT_WORD = 3
SERVICE_WORDS = ("an sinh so", "ansinh", "ansinhso", "bao hiem xa hoi", "bhxh", "vssid", "mat khau", "password")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules:
    """LIM-01 to LIM-03. `common` holds folded passwords (see `folded`)."""

    shortest: int = _LOWEST_SHORTEST
    shortest_with_device: int = 12
    longest: int = LONGEST
    common: frozenset[str] = dataclasses.field(default=frozenset(), repr=False)

    def __post_init__(self) -> None:
        if self.shortest < _LOWEST_SHORTEST:
            raise ValueError("LIM-01: a password without a bound device key has at least 15 characters")
        if not _LOWEST_SHORTEST_WITH_DEVICE <= self.shortest_with_device <= self.shortest:
            raise ValueError("LIM-01: a password has at least 8 characters, also beside a bound device key")

    def needs_device(self, password: str) -> bool:
        """Tell whether the password is too short to let anybody in by itself (LIM-01)."""
        return len(normalised(password)) < self.shortest

    def fault(
        self, password: str, context: Iterable[str] = (), *, field: str = "password", with_device: bool = False
    ) -> FieldViolation | None:
        """Return why `password` is refused; `None` if it is accepted.

        Args:
            context: What a stranger may know: the person's numbers, name, phone, e-mail.
            field: Where it was typed.
            with_device: The account has a bound device, whose key will be asked for beside a shorter password.
        """
        shortest = self.shortest_with_device if with_device else self.shortest
        password = normalised(password)
        if any("\ud800" <= character <= "\udfff" for character in password):
            return FieldViolation(field, "not_text")
        if len(password) < shortest:
            return FieldViolation(field, "too_short", {"min_length": shortest})
        if len(password) > self.longest:
            return FieldViolation(field, "too_long", {"max_length": self.longest})
        if folded(password) in self.common:
            return FieldViolation(field, "too_common")
        if _is_made_of(password, (*context, *SERVICE_WORDS)):
            return FieldViolation(field, "made_of_known_words")
        return None

    def check(
        self, password: str, context: Iterable[str] = (), *, field: str = "password", with_device: bool = False
    ) -> None:
        """Return if the password is accepted; arguments as of `fault`.

        Raises:
            InvalidFieldsError: With the reason; its text is at the edge.
        """
        fault = self.fault(password, context, field=field, with_device=with_device)
        if fault is not None:
            raise InvalidFieldsError([fault])


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
