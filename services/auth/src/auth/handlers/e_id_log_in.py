"""A citizen logs in with an e-ID: no user name, no password, no code of ours (V-12)."""

from dataclasses import dataclass
from typing import Final, Literal

from ansinh_kit.errors import DomainError
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.access.refusals import DeviceNotBoundError, NotActiveError, SessionLiveError
from auth.domain.code_subjects import TakeOver
from auth.domain.contact_changes import NoHolderError
from auth.domain.e_id.claims import EIdRefusedError, ProvenIdentity
from auth.domain.e_id.links import CitizenNumberDiffersError, EIdSwitchedOffError, OtherEIdLinkedError
from auth.handlers.device_proofs import DeviceProofs, PresentedProof
from auth.handlers.devices import Device, sealed_name
from auth.handlers.e_id_links import EIdLinks
from auth.handlers.e_id_rounds import ReturnedRound, Rounds, StartedRound
from auth.handlers.sessions import OpenedSession, Sessions, Shown
from auth.handlers.take_over_warnings import SessionExistsError, TakeOverWarnings
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.identities import Identities

_NOBODY: Final = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class EIdLogInAttempt:
    """`replaces_session`: the holder was warned that another device is in, and wants it out."""

    returned: ReturnedRound
    device: Device
    replaces_session: bool
    metadata: Metadata
    proof: PresentedProof | None = None


class EIdLogIn:
    def __init__(
        self,
        *,
        rounds: Rounds,
        links: EIdLinks,
        identities: Identities,
        access: AccessDocuments,
        sessions: Sessions,
        warnings: TakeOverWarnings,
        proofs: DeviceProofs,
        cipher: PersonalDataCipher,
    ) -> None:
        self._rounds = rounds
        self._links = links
        self._identities = identities
        self._access = access
        self._sessions = sessions
        self._warnings = warnings
        self._proofs = proofs
        self._cipher = cipher

    async def start(self, address: str) -> StartedRound:
        """Return where the person goes; errors as in `Rounds.begin`."""
        return await self._rounds.begin("log_in", address)

    async def finish(self, attempt: EIdLogInAttempt) -> OpenedSession:
        """Open the session of the account that was declared with the e-ID's citizen number.

        The first log-in links the account to this e-ID, which is told on all contacts; from then on no other opens it.

        Raises:
            EIdRefusedError: The round does not hold, or there is no account it may open; never says which.
            SessionExistsError: Another device is in. Going on takes a code, as after a password, or another round.
            EIdUnavailableError: The provider cannot be asked.
            DeviceProofRefusedError, DeviceNonceNeededError: The attempt came with a device proof that does not hold.
        """
        thumbprint = None if attempt.proof is None else await self._proofs.thumbprint_of(attempt.proof)
        identity = await self._rounds.finish(attempt.returned, "log_in")
        entry = await self._entry_of(identity)
        await self._link(entry, identity, attempt)
        return await self._open(entry, thumbprint, attempt)

    async def _entry_of(self, identity: ProvenIdentity) -> Entry:
        account_id = await self._identities.find_account(
            self._identities.of_identity("citizen_id", identity.citizen_number)
        )
        # For a number without an account one is looked for all the same: the work must not tell (OTC-11).
        entry = await self._access.find(account_id or _NOBODY)
        if entry is None or entry.kind != "citizen":
            raise EIdRefusedError("no_account")
        if entry.access.status != "active":
            raise EIdRefusedError("not_active")
        return entry

    async def _link(self, entry: Entry, identity: ProvenIdentity, attempt: EIdLogInAttempt) -> None:
        try:
            await self._links.link(
                entry.access.account_id,
                identity,
                by="log_in",
                round_id=attempt.returned.round_id,
                metadata=attempt.metadata,
            )
        except (NoHolderError, CitizenNumberDiffersError, OtherEIdLinkedError, EIdSwitchedOffError) as error:
            raise EIdRefusedError(error.code) from error

    async def _open(self, entry: Entry, thumbprint: str | None, attempt: EIdLogInAttempt) -> OpenedSession:
        name = await sealed_name(self._cipher, entry.access.person_id, attempt.device)
        device = TakeOver(epoch=entry.access.epoch, device_kind=attempt.device.kind, device_name=name)
        own = entry.access.device(thumbprint)
        shown = Shown("e_id", None if own is None else own.thumbprint)
        replacing: Literal["any"] | None = "any" if attempt.replaces_session else None
        try:
            return await self._sessions.open(entry, device, replacing=replacing, metadata=attempt.metadata, shown=shown)
        except SessionLiveError as error:
            raise await self._warning(entry, device, thumbprint) from error
        except (NotActiveError, DeviceNotBoundError) as error:
            # Locked, or the device removed, between the e-ID and the session.
            raise EIdRefusedError("not_active") from error

    async def _warning(self, entry: Entry, device: TakeOver, thumbprint: str | None) -> DomainError:
        warning = await self._warnings.prepare(SessionExistsError, entry, device, thumbprint)
        return warning or EIdRefusedError("no_account")
