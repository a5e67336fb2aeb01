"""An authenticator's answers, as `PublicKeyCredential.toJSON()` gives them (WebAuthn level 3)."""

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, StringConstraints

from auth.api.fields import Body

_Text = Annotated[str, StringConstraints(max_length=64)]
_Bytes = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*$", max_length=8192)]


class _CredentialBody(Body):
    id: _Bytes
    raw_id: Annotated[_Bytes, Field(alias="rawId")]
    type: Literal["public-key"]
    authenticator_attachment: Annotated[_Text | None, Field(alias="authenticatorAttachment")] = None
    client_extension_results: Annotated[
        dict[_Text, JsonValue], Field(alias="clientExtensionResults", default_factory=dict)
    ]

    def credential(self) -> dict[str, Any]:
        """Return it under its own names again."""
        return self.model_dump(by_alias=True, exclude_none=True)


class _Assertion(Body):
    client_data: Annotated[_Bytes, Field(alias="clientDataJSON")]
    authenticator_data: Annotated[_Bytes, Field(alias="authenticatorData")]
    signature: _Bytes
    user_handle: Annotated[_Bytes | None, Field(alias="userHandle")] = None


class _Attestation(Body):
    client_data: Annotated[_Bytes, Field(alias="clientDataJSON")]
    attestation_object: Annotated[_Bytes, Field(alias="attestationObject")]
    authenticator_data: Annotated[_Bytes | None, Field(alias="authenticatorData")] = None
    public_key: Annotated[_Bytes | None, Field(alias="publicKey")] = None
    public_key_algorithm: Annotated[int | None, Field(alias="publicKeyAlgorithm")] = None
    transports: Annotated[tuple[_Text, ...], Field(max_length=16)] = ()


class AssertionBody(_CredentialBody):
    """What `navigator.credentials.get` answered."""

    response: _Assertion


class AttestationBody(_CredentialBody):
    """What `navigator.credentials.create` answered."""

    response: _Attestation
