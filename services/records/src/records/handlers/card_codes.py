"""The code on the screen in place of the paper card: our own format, signed, and good for minutes (S-42, V-30).

It names a card by two random ids and nothing else. Whether that card is valid is asked for when it is scanned, so a
card withdrawn a second ago is not taken for valid, and a photographed code is worthless by the time it is shown.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

from ansinh_kit.clock import Clock
from ansinh_kit.errors import RefusedError
from ansinh_kit.key_list import KeyList, NamedKey, encode_key_material
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OKPKey
from joserfc.registry import HeaderParameter
from pydantic import BaseModel, ConfigDict, Field, ValidationError

PREFIX: Final = "ansinh-card:"
CODE_MAX_CHARACTERS: Final = 512
_TYPE: Final = "ansinh-card+jwt"
_ALGORITHM: Final = "Ed25519"
_REFUSED_HEADERS: Final = ("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "cty")
_REGISTRY: Final = jws.JWSRegistry(
    header_registry={name: HeaderParameter(name, "none") for name in _REFUSED_HEADERS}, algorithms=[_ALGORITHM]
)
_PAPER_CARD: Final = re.compile(r"\s*[A-Za-z]{2}[1-5][0-9]{2}[A-Za-z0-9]{10}\|")

_Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class CardCodeError(RefusedError):
    """Base of the refusals of a scanned code. What was scanned is never kept or shown."""


class ForeignCodeError(CardCodeError):
    """It is no code of ours: of another app, a citizen card, a poster."""

    code: ClassVar[str] = "card_code_foreign"


class PaperCardCodeError(CardCodeError):
    """It is the code printed on a paper card: it is not signed and proves nothing; the card's number is to be asked."""

    code: ClassVar[str] = "card_code_of_paper_card"


class ForgedCodeError(CardCodeError):
    """It looks like ours, and we did not make it, or not like this."""

    code: ClassVar[str] = "card_code_forged"


class ExpiredCodeError(CardCodeError):
    """We made it, and its minutes are over: the holder shows a new one."""

    code: ClassVar[str] = "card_code_expired"


@dataclass(frozen=True, slots=True)
class CardCode:
    """What the screen shows as a QR code; worth nothing from `expires_at` on."""

    payload: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CardNamed:
    participant_id: str
    card_id: str


class _Claims(BaseModel):
    """The statement as it travels; every claim is required."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    sub: _Id
    card: _Id
    iat: int
    exp: int


class CardCodes:
    """Makes codes with the newest key and reads those of any; two while they rotate.

    Args:
        keys: Ed25519 private keys.
        lifetime: How long a code is good.
    """

    def __init__(self, keys: KeyList, *, lifetime: timedelta, clock: Clock) -> None:
        self._keys = {key.id: _private(key) for key in keys}
        self._newest_id = keys.newest.id
        self._lifetime = lifetime
        self._clock = clock

    def issue(self, card: CardNamed) -> CardCode:
        now = int(self._clock.now().timestamp())
        expires = now + int(self._lifetime.total_seconds())
        claims: dict[str, Any] = {"sub": card.participant_id, "card": card.card_id, "iat": now, "exp": expires}
        header = {"alg": _ALGORITHM, "typ": _TYPE, "kid": self._newest_id}
        token = jwt.encode(header, claims, self._keys[self._newest_id], registry=_REGISTRY)
        return CardCode(PREFIX + token, datetime.fromtimestamp(expires, UTC))

    def read(self, scanned: str) -> CardNamed:
        """Return which card a code names. Whether that card is valid is another question.

        Raises:
            CardCodeError: One of its four kinds; nothing else, whatever was scanned.
        """
        if _PAPER_CARD.match(scanned):
            raise PaperCardCodeError
        if len(scanned) > CODE_MAX_CHARACTERS or not scanned.startswith(PREFIX) or not scanned.isascii():
            raise ForeignCodeError
        claims = self._claims(scanned.removeprefix(PREFIX))
        now = self._clock.now().timestamp()
        if claims.exp - claims.iat > self._lifetime.total_seconds() or claims.iat > now:
            raise ForgedCodeError
        if now >= claims.exp:
            raise ExpiredCodeError
        return CardNamed(claims.sub, claims.card)

    def _claims(self, token: str) -> _Claims:
        try:
            signed = jwt.decode(token, self._key_of, registry=_REGISTRY)
            if signed.header.get("typ") != _TYPE:
                raise ForgedCodeError
            return _Claims.model_validate(signed.claims)
        except (JoseError, ValidationError, ValueError) as error:
            raise ForgedCodeError from error

    def _key_of(self, message: GuestProtocol) -> OKPKey:
        key = self._keys.get(str(message.headers().get("kid")))
        if key is None:
            raise ForgedCodeError
        return key


def _private(key: NamedKey) -> OKPKey:
    public = Ed25519PrivateKey.from_private_bytes(key.material).public_key()
    return OKPKey.import_key(
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": encode_key_material(public.public_bytes(Encoding.Raw, PublicFormat.Raw)),
            "d": encode_key_material(key.material),
            "kid": key.id,
        }
    )
