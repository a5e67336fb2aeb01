"""The part of the composition that makes accounts: what declarations open, what their holders activate."""

from dataclasses import dataclass

from auth.handlers.account_opening import AccountOpening
from auth.handlers.activation_completed import CompleteActivation
from auth.handlers.activation_links import ActivationLinks
from auth.handlers.activation_started import StartActivation
from auth.shared_parts import Shared


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationUseCases:
    start: StartActivation
    complete: CompleteActivation
    open_accounts: AccountOpening


def build_activation(shared: Shared) -> ActivationUseCases:
    on, stored, rules = shared.on, shared.stored, shared.rules
    links = ActivationLinks(challenges=stored.challenges, outbox=stored.outbox, clock=on.clock, ids=on.ids)
    return ActivationUseCases(
        start=StartActivation(
            identities=stored.identities,
            holders=stored.holders,
            access=stored.access,
            codes=shared.codes,
            links=links,
            throttles=stored.throttles,
            limits=rules.activation,
            clock=on.clock,
            ids=on.ids,
        ),
        complete=CompleteActivation(
            codes=shared.codes,
            challenges=stored.challenges,
            holders=stored.holders,
            access=stored.access,
            pending=stored.pending,
            store=on.store,
            hashing=shared.hashing,
            rules=rules.passwords,
            clock=on.clock,
        ),
        open_accounts=AccountOpening(
            cipher=on.cipher,
            store=on.store,
            identities=stored.identities,
            seats=shared.seats,
            access=stored.access,
            links=links,
            clock=on.clock,
        ),
    )
