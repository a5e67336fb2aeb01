"""Passkeys on the wire (WebAuthn level 3): what an authenticator is asked, and whether its answer holds. Source: U-10.

The library checks signature, origin, RP id, challenge, presence and verification of the user; here it is told what to
insist on. Attestation is not asked for: any authenticator a person trusts will do.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Final

from ansinh_kit.errors import DomainError
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    options_to_json_dict,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

CHALLENGE_BYTES: Final = 32
_SERVICE: Final = "An Sinh Số"
# All that is left when no attestation is asked for; whatever comes with a chain of certificates is not read at all.
_FORMATS: Final = frozenset({AttestationFormat.NONE, AttestationFormat.PACKED})
_MALFORMED: Final = (WebAuthnException, ValueError, TypeError, KeyError)

Credential = Mapping[str, Any]
"""What `PublicKeyCredential.toJSON()` gives."""


class PasskeyRefusedError(DomainError):
    """The answer does not hold: never says which of its parts, for whoever forges one must not learn."""

    code: ClassVar[str] = "passkey_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRules:
    """`domain` is WebAuthn's RP id, `origins` the pages (scheme://host[:port]) on which passkeys may be used."""

    domain: str
    origins: tuple[str, ...]
    challenge_life: timedelta = timedelta(minutes=5)

    @property
    def timeout_milliseconds(self) -> int:
        return int(self.challenge_life.total_seconds() * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int

    @property
    def passkey_id(self) -> str:
        return passkey_id_of(self.credential_id)


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose passkey an answer says it is; nothing of it is proved before `check_assertion`."""

    account_id: str | None
    passkey_id: str


def passkey_id_of(credential_id: bytes) -> str:
    """Return the name we know the credential by: of one length, whatever the authenticator calls it."""
    return hashlib.sha256(credential_id).hexdigest()[:32]


def creation_options(
    rules: PasskeyRules, *, challenge: bytes, account_id: str, user_name: str, known: Sequence[bytes]
) -> dict[str, Any]:
    """Return what `navigator.credentials.create` is called with, as JSON (`parseCreationOptionsFromJSON`).

    Args:
        known: Credentials the account has already: their authenticators make no second one.
    """
    options = generate_registration_options(
        rp_id=rules.domain,
        rp_name=_SERVICE,
        user_id=account_id.encode(),
        user_name=user_name,
        challenge=challenge,
        timeout=rules.timeout_milliseconds,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=credential_id) for credential_id in known],
    )
    return options_to_json_dict(options)


def request_options(rules: PasskeyRules, *, challenge: bytes) -> dict[str, Any]:
    """Return what `navigator.credentials.get` is called with, as JSON. It names no account, so it tells of none."""
    options = generate_authentication_options(
        rp_id=rules.domain,
        challenge=challenge,
        timeout=rules.timeout_milliseconds,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def read_registration(credential: Credential, *, challenge: bytes, rules: PasskeyRules) -> NewPasskey:
    """Return the new passkey.

    Raises:
        PasskeyRefusedError: It was not made for this challenge, here, with the user present and verified.
    """
    try:
        parsed = parse_registration_credential_json(dict(credential))
        _check_same_origin(parsed.response.client_data_json)
        if parse_attestation_object(parsed.response.attestation_object).fmt not in _FORMATS:
            raise PasskeyRefusedError
        verified = verify_registration_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=rules.domain,
            expected_origin=list(rules.origins),
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise PasskeyRefusedError from error
    return NewPasskey(
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
    )


def claim_of(credential: Credential) -> Claim:
    """Return whose passkey the answer says it is.

    Raises:
        PasskeyRefusedError: It cannot be read.
    """
    try:
        parsed = parse_authentication_credential_json(dict(credential))
        handle = parsed.response.user_handle
        return Claim(None if handle is None else handle.decode("ascii"), passkey_id_of(parsed.raw_id))
    except _MALFORMED as error:
        raise PasskeyRefusedError from error


def check_assertion(
    credential: Credential, *, challenge: bytes, rules: PasskeyRules, public_key: bytes, sign_count: int
) -> int:
    """Return the authenticator's new signature counter, if the answer holds.

    Raises:
        PasskeyRefusedError: Other key, challenge, page or domain; the user was not there or not verified; or the
            counter did not move on, as if the passkey had been copied.
    """
    try:
        parsed = parse_authentication_credential_json(dict(credential))
        _check_same_origin(parsed.response.client_data_json)
        verified = verify_authentication_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=rules.domain,
            expected_origin=list(rules.origins),
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise PasskeyRefusedError from error
    return verified.new_sign_count


def _check_same_origin(client_data: bytes) -> None:
    # A page that frames ours could lead a person to the authenticator; the library does not look at this.
    if parse_client_data_json(client_data).cross_origin:
        raise PasskeyRefusedError
