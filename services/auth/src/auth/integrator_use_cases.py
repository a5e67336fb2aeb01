"""The part of the composition that is about integrators."""

from dataclasses import dataclass

from auth.handlers.integrator_tokens import IssueTokens
from auth.handlers.integrators import Integrators
from auth.shared_parts import Shared
from auth.storage.integrator_documents import IntegratorDocuments
from auth.storage.integrator_tokens import IntegratorTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegratorUseCases:
    administer: Integrators
    issue_token: IssueTokens
    documents: IntegratorDocuments
    tokens: IntegratorTokens

    async def prepare(self) -> None:
        """Make indexes and markers; harmless when they are there."""
        await self.documents.create_indexes()
        await self.tokens.prepare()


def build_integrators(shared: Shared) -> IntegratorUseCases:
    on, stored = shared.on, shared.stored
    documents, tokens = IntegratorDocuments(on.database), IntegratorTokens(on.database)
    return IntegratorUseCases(
        administer=Integrators(store=on.store, documents=documents, clock=on.clock),
        issue_token=IssueTokens(
            documents=documents,
            tokens=tokens,
            throttles=stored.throttles,
            identities=stored.identities,
            limits=shared.rules.tokens,
            clock=on.clock,
        ),
        documents=documents,
        tokens=tokens,
    )
