"""The part of the composition that is about e-ID: the rounds at the provider, the log-in, the link to an account."""

from dataclasses import dataclass

from auth.factor_use_cases import FactorUseCases
from auth.handlers.e_id_links import EIdLinks
from auth.handlers.e_id_log_in import EIdLogIn
from auth.handlers.e_id_rounds import Rounds
from auth.handlers.own_e_id import OwnEId
from auth.handlers.take_over_warnings import TakeOverWarnings
from auth.shared_parts import Shared
from auth.storage.e_id_rounds import EIdRounds


@dataclass(frozen=True, slots=True, kw_only=True)
class EIdUseCases:
    log_in: EIdLogIn
    own: OwnEId
    documents: EIdRounds

    async def prepare(self) -> None:
        """Make indexes; harmless when they are there."""
        await self.documents.create_indexes()


def build_e_id(shared: Shared, factors: FactorUseCases) -> EIdUseCases:
    on, stored = shared.on, shared.stored
    documents = EIdRounds(on.database)
    rounds = Rounds(
        documents=documents,
        provider=on.identity_provider,
        identities=stored.identities,
        throttles=stored.throttles,
        rules=shared.rules.e_id,
        clock=on.clock,
        ids=on.ids,
    )
    links = EIdLinks(
        store=on.store,
        holders=stored.holders,
        identities=stored.identities,
        reservations=on.reservations,
        objections=stored.objections,
        clock=on.clock,
    )
    return EIdUseCases(
        log_in=EIdLogIn(
            rounds=rounds,
            links=links,
            identities=stored.identities,
            access=stored.access,
            sessions=shared.sessions,
            warnings=TakeOverWarnings(codes=shared.codes, holders=stored.holders),
            proofs=factors.proofs,
            cipher=on.cipher,
        ),
        own=OwnEId(rounds=rounds, links=links, session_proofs=factors.session_proofs, clock=on.clock, ids=on.ids),
        documents=documents,
    )
