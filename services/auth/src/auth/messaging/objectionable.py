"""Adds the objection code to what is told of a change. It exists from here on only: sealed, to notifications."""

from collections.abc import Callable

from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent

from auth.domain.access_events import ToldToHolder
from auth.domain.contact_events import ContactChanged
from auth.domain.e_id.events import EIdChange
from auth.domain.objections import ObjectionCodes

ToContract = Callable[[RecordedEvent], IntegrationEvent | None]


def with_objection_codes(to_contract: ToContract, codes: ObjectionCodes) -> ToContract:
    """Return `to_contract`, with the code in what it returns for a change that can be objected to.

    A change of a contact or an e-ID is named by its own id, one of the account's access by its commit.
    """

    def objectionable(recorded: RecordedEvent) -> IntegrationEvent | None:
        contract, event = to_contract(recorded), recorded.event
        if contract is None or "objection_code" not in type(contract).model_fields:
            return contract
        if not isinstance(event, ContactChanged | EIdChange | ToldToHolder) or event.objection_key is None:
            return contract
        change_id = event.change_id if isinstance(event, ContactChanged | EIdChange) else recorded.commit_id
        code = codes.code_of(key_id=event.objection_key, account_id=event.account_id, change_id=change_id)
        return contract.model_copy(update={"objection_code": code})

    return objectionable
