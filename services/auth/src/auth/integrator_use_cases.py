"""The part of the composition that is about integrators."""

from dataclasses import dataclass

from ansinh_kit.clock import Clock
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.mongo import Database
from ansinh_kit.throttling.mongo import Throttles

from auth.handlers.integrator_tokens import IssueTokens, TokenLimits
from auth.handlers.integrators import Integrators
from auth.storage.identities import Identities
from auth.storage.integrator_documents import IntegratorDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegratorParts:
    """What the integrators' part shares with the rest of the service."""

    database: Database
    store: EventStore
    identities: Identities
    throttles: Throttles
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegratorUseCases:
    administer: Integrators
    issue_token: IssueTokens
    documents: IntegratorDocuments

    async def prepare(self) -> None:
        """Make indexes; harmless when they are there."""
        await self.documents.create_indexes()


def build_integrators(on: IntegratorParts, limits: TokenLimits) -> IntegratorUseCases:
    documents = IntegratorDocuments(on.database)
    return IntegratorUseCases(
        administer=Integrators(store=on.store, documents=documents, clock=on.clock),
        issue_token=IssueTokens(
            documents=documents, throttles=on.throttles, identities=on.identities, limits=limits, clock=on.clock
        ),
        documents=documents,
    )
