"""The start of the activation: a code by SMS, and only when the holder asks for it (LIM-21)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from ansinh_contracts.notifications import Channel
from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.port import TooManyAttemptsError
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from auth.domain.account import Account
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import Activation
from auth.domain.recipients import NOBODY, Recipient, phone_of, recipient
from auth.handlers.activation_links import ActivationLinks
from auth.handlers.codes import Codes
from auth.handlers.sent_codes import CodeSentMeanwhileError, SentCode
from auth.storage.access_documents import AccessDocuments
from auth.storage.holders import Holders
from auth.storage.identities import Identities

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationLimits:
    """LIM-22 for one number and dossier."""

    pause: timedelta = timedelta(seconds=60)
    per_day: int = 3

    @property
    def per_account(self) -> Throttle:
        return Windows((Window(1, self.pause), Window(self.per_day, timedelta(hours=24))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationRequest:
    social_insurance_number: str
    dossier_number: str
    channel: Channel = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedActivation:
    """Before `next_start_at` another start for the same number and dossier is refused."""

    challenge_id: str
    expires_at: datetime
    next_start_at: datetime


class StartActivation:
    """Sends a code if number and dossier match an account that waits; answers the same if they do not.

    Who does not match gets a decoy: a challenge like any other, of which no code was sent to anyone.
    """

    def __init__(
        self,
        *,
        identities: Identities,
        holders: Holders,
        access: AccessDocuments,
        codes: Codes,
        links: ActivationLinks,
        throttles: Throttles,
        limits: ActivationLimits,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._identities = identities
        self._holders = holders
        self._access = access
        self._codes = codes
        self._links = links
        self._throttles = throttles
        self._limits = limits
        self._clock = clock
        self._ids = ids

    async def __call__(self, request: ActivationRequest) -> StartedActivation:
        """Return the challenge to be answered with the code.

        Raises:
            TooManyAttemptsError: Too often for this number and dossier, existing or not.
        """
        await self._admit(request)
        account = await self._find_waiting(request)
        if request.channel == "email":
            return await self._mail_link(account)
        to = NOBODY if account.holder is None else phone_of(account.holder)
        challenge = self._codes.challenge(Activation(), to)
        await self._codes.open(challenge)
        sent = await self._send(challenge, to)
        return StartedActivation(
            challenge_id=sent.challenge_id,
            expires_at=sent.expires_at,
            next_start_at=self._clock.now() + self._limits.pause,
        )

    async def _mail_link(self, account: Account) -> StartedActivation:
        """Mail a new link, if there is an address; the answer, and the work, are the same without (U-12)."""
        holder, address = account.holder, None if account.holder is None else account.holder.email
        to = NOBODY if holder is None or address is None else recipient(holder, "email", address)
        declaration_id = self._ids.new_id() if to is NOBODY else account.declarations[0]
        return StartedActivation(
            challenge_id=self._ids.new_id(),
            expires_at=await self._links.send_again(to, declaration_id),
            next_start_at=self._clock.now() + self._limits.pause,
        )

    async def _send(self, challenge: Challenge[Activation], to: Recipient) -> SentCode:
        if to is NOBODY:
            return await self._codes.send_nothing(challenge, to)
        try:
            return await self._codes.send(challenge, to)
        except (TooManyAttemptsError, CodeSentMeanwhileError) as error:
            # Said aloud, this limit would tell a stranger that the account exists.
            log.warning("activation_code_not_sent", account_id=to.account_id, code=error.code)
            return await self._codes.send_nothing(challenge, to)

    async def _admit(self, request: ActivationRequest) -> None:
        now = self._clock.now()
        pair = f"{request.social_insurance_number}|{request.dossier_number}"
        by_pair = f"activation:{self._identities.blind('activation', pair)}"
        await self._throttles.admit(by_pair, self._limits.per_account, now)

    async def _find_waiting(self, request: ActivationRequest) -> Account:
        """Return the account that waits for its activation; one of nobody if none does."""
        key = self._identities.of_insurance_number(request.social_insurance_number)
        account_id = await self._identities.find_account(key)
        # An account that is not there is looked for all the same: the work must not tell.
        looked_for = account_id or self._ids.new_id()
        account: Account = await self._holders.account(looked_for)
        entry = await self._access.find(looked_for)
        waits = entry is not None and entry.access.status == "opened"
        return account if waits and request.dossier_number in account.dossiers else Account()
