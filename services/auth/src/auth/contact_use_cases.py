"""The part of the composition that is about how a holder is reached, and objects to being reached elsewhere."""

from dataclasses import dataclass

from auth.handlers.contact_change_codes import ContactChangeCodes
from auth.handlers.contact_changes import ContactChanges
from auth.handlers.contacts import Contacts
from auth.handlers.objections import Objections
from auth.shared_parts import Shared


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactUseCases:
    shown: Contacts
    changes: ContactChanges
    objections: Objections


def build_contacts(shared: Shared) -> ContactUseCases:
    on, stored, rules = shared.on, shared.stored, shared.rules
    return ContactUseCases(
        shown=Contacts(holders=stored.holders, store=on.store, clock=on.clock),
        changes=ContactChanges(
            passwords=shared.passwords,
            codes=ContactChangeCodes(codes=shared.codes, cipher=on.cipher),
            seats=shared.seats,
            objections=stored.objections,
            sessions=shared.sessions,
            holders=stored.holders,
            store=on.store,
            throttles=stored.throttles,
            limits=rules.contact_changes,
            clock=on.clock,
        ),
        objections=Objections(
            documents=stored.objections,
            store=on.store,
            holders=stored.holders,
            identities=stored.identities,
            sessions=shared.sessions,
            throttles=stored.throttles,
            limits=rules.objections,
            clock=on.clock,
        ),
    )
