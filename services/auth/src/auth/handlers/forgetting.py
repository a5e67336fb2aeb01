"""A person is forgotten: the accounts are closed for ever, and their holder cannot be read any more (PII-06)."""

from ansinh_contracts.records import PersonForgottenV1
from ansinh_kit.erasure import Erasure
from ansinh_kit.messaging.errors import PermanentError
from ansinh_kit.messaging.incoming import IncomingEvent

from auth.storage.access_documents import AccessDocuments
from auth.storage.challenges import Challenges
from auth.storage.objections import ObjectionDocuments
from auth.storage.recoveries import RecoveryDocuments


class Forgetting:
    def __init__(
        self,
        *,
        access: AccessDocuments,
        challenges: Challenges,
        recoveries: RecoveryDocuments,
        objections: ObjectionDocuments,
        erasure: Erasure,
    ) -> None:
        self._access = access
        self._challenges = challenges
        self._recoveries = recoveries
        self._objections = objections
        self._erasure = erasure

    async def person_forgotten(self, incoming: IncomingEvent) -> None:
        """Every step can be done again. Sessions end here: the next request of a device is refused."""
        event = incoming.event
        if not isinstance(event, PersonForgottenV1):
            raise PermanentError("unexpected_event")
        for account in event.accounts:
            owners = await self._access.accounts_of(account.person_id)
            await self._erasure.erase(account.person_id, owners=owners)
            await self._challenges.remove_of(account.person_id)
            await self._recoveries.remove_of(owners)
            await self._objections.remove_of(account.person_id)
            # Last: an account is found by its document, also when this was begun before.
            await self._access.remove_of(account.person_id)
