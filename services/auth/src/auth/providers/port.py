"""What auth asks an identity provider, whatever it speaks."""

from typing import ClassVar, Final, Protocol

from ansinh_kit.errors import DomainError

from auth.domain.e_id.claims import IdentityClaims
from auth.domain.e_id.hand_over import HandOver

_RETRY_AFTER_SECONDS: Final = 60


class EIdUnavailableError(DomainError):
    """The provider is down, late, or says what cannot be relied on. `still_possible` names the other ways in (U-13).

    Args:
        reason: For the log alone, one of a few fixed words.
    """

    code: ClassVar[str] = "e_id_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self._reason = reason
        self.retry_after_seconds = _RETRY_AFTER_SECONDS
        self.still_possible = ("password", "passkey", "look_ups")

    @property
    def reason(self) -> str:
        return self._reason


class IdentityProvider(Protocol):
    async def address_of(self, over: HandOver) -> str:
        """Return where the person goes to show the e-ID.

        Raises:
            EIdUnavailableError: There is nowhere to go now.
        """
        ...

    async def redeem(self, code: str, over: HandOver) -> IdentityClaims:
        """Return what the provider says of the person, for the code it sent back with them.

        Raises:
            EIdRefusedError: The provider refuses the code, or what it says is not meant for us, here and now.
            EIdUnavailableError: It cannot be asked.
        """
        ...

    async def close(self) -> None:
        """End what is open towards it."""
        ...


class NoIdentityProvider:
    """Stands where no provider is set: whoever asks is told of the other ways in."""

    async def address_of(self, over: HandOver) -> str:
        del over
        raise EIdUnavailableError("none_is_set")

    async def redeem(self, code: str, over: HandOver) -> IdentityClaims:
        del code, over
        raise EIdUnavailableError("none_is_set")

    async def close(self) -> None:
        """Nothing is open."""
