"""Which device key signed a request inside a session: asked for by whatever changes something that matters (SES-10)."""

from dataclasses import dataclass

from auth.domain.access.factors import session_in
from auth.domain.access.refusals import DeviceKeyNeededError, SessionOverError
from auth.domain.access.state import Session
from auth.handlers.device_proofs import DeviceProofs, PresentedProof
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class InSession:
    """A request inside the session of `epoch`, with its device proof if it came with one."""

    account_id: str
    epoch: int
    proof: PresentedProof | None = None


@dataclass(frozen=True, slots=True)
class ProvenSession:
    """The account as it is, its present session, and the thumbprint of the key that signed, if one did."""

    entry: Entry
    session: Session
    thumbprint: str | None


class SessionProofs:
    def __init__(self, *, access: AccessDocuments, proofs: DeviceProofs) -> None:
        self._access = access
        self._proofs = proofs

    async def read(self, request: InSession) -> ProvenSession:
        """Return who signed, whoever it is; the proof is spent.

        Raises:
            SessionOverError: The session is not the present one any more.
            DeviceProofRefusedError, DeviceNonceNeededError: There is a proof and it does not hold for this session.
        """
        entry = await self._access.find(request.account_id)
        if entry is None:
            raise SessionOverError
        session = session_in(entry.access, request.epoch)
        if request.proof is None:
            return ProvenSession(entry, session, None)
        thumbprint = await self._proofs.thumbprint_of(request.proof, token_hash=entry.session_token_hash)
        return ProvenSession(entry, session, thumbprint)

    async def require(self, request: InSession) -> ProvenSession:
        """Return as `read`, if the session's own device signed or the session is not bound to one.

        Raises:
            DeviceKeyNeededError: The session is bound to a key and this request was not signed with it.
        """
        proven = await self.read(request)
        bound_to = proven.session.device_thumbprint
        if bound_to is not None and proven.thumbprint != bound_to:
            raise DeviceKeyNeededError
        return proven
