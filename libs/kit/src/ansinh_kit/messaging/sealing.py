"""What the messaging needs of sealed fields; `ansinh_kit.personal_data.sealing` implements it."""

from typing import Final, Protocol

SEALED_PART: Final = "sealed"
"""The `part` under which all fields of one recipient are sealed into one value."""


class FieldSealer(Protocol):
    def seal(self, recipient: str, plaintext: bytes, *, event_id: str, part: str) -> str:
        """Return `plaintext` such that only `recipient` can read it, and only in this place."""
        ...


class FieldOpener(Protocol):
    @property
    def service(self) -> str:
        """The recipient this opener can read for."""
        ...

    def open(self, sealed: str, *, event_id: str, part: str) -> bytes:
        """Return the plaintext.

        Raises:
            SealError: Not sealed for this service and place, changed, or its key is gone.
        """
        ...
