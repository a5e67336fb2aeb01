"""The end of the activation: the holder has shown the code or the link, and sets the first password (V-24)."""

from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from auth.domain.access.commands import Activate
from auth.domain.account import ACCOUNT, stream_of
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import Activation
from auth.domain.contact_commands import ConfirmContact
from auth.domain.one_time_codes import CodeRefusedError
from auth.domain.passwords import PasswordRules
from auth.handlers.codes import Codes
from auth.storage.access_documents import AccessDocuments
from auth.storage.challenges import Challenges
from auth.storage.holders import Holders
from auth.storage.password_hashing import PasswordHashing
from auth.storage.pending_changes import PendingChanges


class CompleteActivation:
    """Sets the first password for one who has shown the code or the link."""

    def __init__(
        self,
        *,
        codes: Codes,
        challenges: Challenges,
        holders: Holders,
        access: AccessDocuments,
        pending: PendingChanges,
        store: EventStore,
        hashing: PasswordHashing,
        rules: PasswordRules,
        clock: Clock,
    ) -> None:
        self._codes = codes
        self._challenges = challenges
        self._holders = holders
        self._access = access
        self._pending = pending
        self._store = store
        self._hashing = hashing
        self._rules = rules
        self._clock = clock

    async def with_code(self, challenge_id: str, code: str, password: str, *, metadata: Metadata) -> str:
        """Activate the account and return its id.

        Raises:
            InvalidFieldsError: The password is not accepted; the code still counts, its try is spent.
            CodeRefusedError: The code is wrong, late, used, or of something else.
            AlreadyActiveError: The account was activated before.
        """
        # What needs no knowledge of the person is said first, and costs no try.
        self._rules.check(password)
        challenge = await self._codes.check(challenge_id, Activation, code)
        return await self._complete(challenge, password, metadata)

    async def with_link(self, token: str, password: str, *, metadata: Metadata) -> str:
        """Activate the account by the token of the link, which confirms its address; errors as in `with_code`."""
        self._rules.check(password)
        found = await self._challenges.find_by_token(hash_token(token), Activation, self._clock.now())
        if found is None:
            raise CodeRefusedError
        return await self._complete(found, password, metadata)

    async def _complete(self, challenge: Challenge[Activation], password: str, metadata: Metadata) -> str:
        account = await self._holders.account(challenge.account_id)
        holder = account.holder
        if holder is None or holder.version(challenge.slot) != challenge.target_version:
            raise CodeRefusedError
        self._rules.check(password, holder.known_words())
        hashed = await self._hashing.hash(password)
        await self._codes.use_up(challenge)
        await self._confirm_contact(challenge, metadata)
        command = Activate(now=self._clock.now(), declaration_id=account.declarations[0])
        await self._access.change(holder.account_id, command, metadata=metadata, password=hashed)
        await self._pending.record_if_possible(holder.account_id)
        return holder.account_id

    async def _confirm_contact(self, challenge: Challenge[Activation], metadata: Metadata) -> None:
        """Note that the holder is reached there; of the phone on file the agency has said so (U-06)."""
        command = ConfirmContact(now=self._clock.now(), slot=challenge.slot, base_version=challenge.target_version)
        commit_id = f"activation:{challenge.challenge_id}:{challenge.account_id}"
        stream_id = stream_of(challenge.account_id)
        await handle(self._store, stream_id, command, ACCOUNT, commit_id=commit_id, metadata=metadata)
