"""Citizens' accounts of a running system, made ready through auth's own storage and with its own keys.

For trials about what comes after: only the way to the trial is spared (a declaration, an activation, a text message,
a password's hash). What is under trial is always asked over HTTP.
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

from ansinh_kit.decider import handle
from ansinh_kit.events import Metadata
from ansinh_kit.settings import load_settings
from auth.app import Process, build_process
from auth.domain.access.commands import Activate
from auth.domain.access.state import Access
from auth.domain.account import ACCOUNT, OpenAccount, stream_of
from auth.domain.challenges import Challenge, Sending
from auth.domain.code_subjects import TakeOver
from auth.settings import AuthSettings
from auth.storage.access_entries import Entry
from auth.storage.comparisons import Comparisons
from auth.storage.identities import Identities
from auth.storage.password_hashing import HashingPool, PasswordHashing
from devtools.system.plan import Plan
from prometheus_client import CollectorRegistry

CORRELATION = "prepared"
PASSWORD = "con mèo ngủ trên mái nhà"
UNDECLARED = "prepared"
"""How the ids of declarations begin that there never were: who counts accounts by them leaves these out."""
_METADATA = Metadata(correlation_id=CORRELATION, actor="test")
_CODE_LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Account:
    account_id: str
    person_id: str
    number: str


@dataclass(frozen=True)
class ReadyTakeOver:
    """What a second device holds once it was warned and its code came: only the confirmation is left."""

    take_over_id: str
    code: str


class PreparedAccounts:
    """Writes as auth does. One password's hash is made and shared: a hash costs as much as all the rest together."""

    def __init__(self, process: Process, password_hash: str) -> None:
        self._process = process
        self._password_hash = password_hash
        self._identities = Identities(process.reservations, process.foundation.blind_index)
        self._access = process.use_cases.stored.access
        self._next_serial = secrets.randbelow(500_000)

    async def open(self) -> Account:
        """Open and activate an account whose password is `PASSWORD`."""
        account = self._somebody()
        command = self._opening(account)
        foundation = self._process.foundation
        commit_id = f"prepared:{account.account_id}"
        keys = [
            self._identities.of_insurance_number(command.social_insurance_number),
            self._identities.of_identity(command.identity_kind, command.identity_number),
        ]
        await self._identities.reserve(keys, account_id=account.account_id, commit_id=commit_id)
        stream = stream_of(account.account_id)
        await handle(foundation.store, stream, command, ACCOUNT, commit_id=commit_id, metadata=_METADATA)
        access = Access(account_id=account.account_id, person_id=account.person_id)
        await self._access.create(Entry(access=access, kind="citizen"))
        activation = Activate(now=foundation.clock.now(), declaration_id=command.declaration_id)
        await self._access.change(account.account_id, activation, metadata=_METADATA, password=self._password_hash)
        await self._process.use_cases.stored.pending.record(account.account_id)
        return account

    async def log_in(self, account: Account) -> str:
        """Open a session on a first device, without the password; return its token."""
        entry = await self._entry(account)
        device = TakeOver(epoch=entry.access.epoch, device_kind="phone")
        opened = await self._process.use_cases.sessions.open(entry, device, replacing=None, metadata=_METADATA)
        return opened.token

    async def take_over(self, account: Account) -> ReadyTakeOver:
        """Warn a second device and give it its code; no message goes out."""
        entry = await self._entry(account)
        now = self._process.foundation.clock.now()
        challenge = Challenge(
            challenge_id=secrets.token_hex(16),
            subject=TakeOver(epoch=entry.access.epoch, device_kind="tablet"),
            slot="phone",
            account_id=account.account_id,
            person_id=account.person_id,
            target_version=1,
            ends_at=now + TakeOver.life,
        )
        sending = Sending(
            message_id=secrets.token_hex(16), at=now, expires_at=now + _CODE_LIFE, masked_target="", sealed=None
        )
        code = f"{secrets.randbelow(10**6):06d}"
        challenges = self._process.use_cases.stored.challenges
        await challenges.open(challenge)
        assert await challenges.put_code(challenge, code=code, sending=sending)
        return ReadyTakeOver(challenge.challenge_id, code)

    async def _entry(self, account: Account) -> Entry:
        entry = await self._access.find(account.account_id)
        assert entry is not None
        return entry

    def _somebody(self) -> Account:
        self._next_serial += 1
        return Account(secrets.token_hex(16), secrets.token_hex(16), f"9900{self._next_serial:06d}")

    def _opening(self, account: Account) -> OpenAccount:
        serial = account.number[-6:]
        return OpenAccount(
            account_id=account.account_id,
            person_id=account.person_id,
            declaration_id=f"{UNDECLARED}{secrets.token_hex(12)}",
            dossier_number=f"06601-2026-{serial}",
            language="vi",
            social_insurance_number=account.number,
            identity_kind="citizen_id",
            identity_number=f"099085{serial}",
            full_name="Trần Thị Mẫu",
            phone=f"+84989{serial}",
            email=None,
            agency_code="06601",
            found_valid_at=self._process.foundation.clock.now(),
            now=self._process.foundation.clock.now(),
        )


@asynccontextmanager
async def prepared_accounts(plan: Plan) -> AsyncIterator[PreparedAccounts]:
    """Stand beside the auth of `plan`, which must be running, on the same database and with the same keys."""
    told = plan.named("auth").command.environment
    with patch.dict(os.environ, {name: value for name, value in told.items() if name.startswith("AUTH_")}):
        settings = load_settings(AuthSettings)
    process = build_process(settings)
    pool, comparisons = HashingPool(threads=1), Comparisons(CollectorRegistry())
    hashing = PasswordHashing(pool=pool, peppers=settings.password_peppers, comparisons=comparisons)
    await process.foundation.log.start()
    try:
        yield PreparedAccounts(process, await hashing.hash(PASSWORD))
    finally:
        pool.close()
        await process.foundation.log.close()
        process.foundation.client.close()
