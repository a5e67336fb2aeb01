"""The part of the composition that is about integrators."""

from dataclasses import dataclass

from auth.handlers.integrator_tokens import IssueTokens
from auth.handlers.integrators import Integrators
from auth.shared_parts import Shared
from auth.storage.integrator_documents import IntegratorDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegratorUseCases:
    administer: Integrators
    issue_token: IssueTokens
    documents: IntegratorDocuments

    async def prepare(self) -> None:
        """Make indexes; harmless when they are there."""
        await self.documents.create_indexes()


def build_integrators(shared: Shared) -> IntegratorUseCases:
    on, stored = shared.on, shared.stored
    documents = IntegratorDocuments(on.database)
    return IntegratorUseCases(
        administer=Integrators(store=on.store, documents=documents, clock=on.clock),
        issue_token=IssueTokens(
            documents=documents,
            throttles=stored.throttles,
            identities=stored.identities,
            limits=shared.rules.tokens,
            clock=on.clock,
        ),
        documents=documents,
    )
