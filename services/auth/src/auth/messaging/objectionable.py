"""Adds the objection code to what is told of a change. It exists from here on only: sealed, to notifications."""

from collections.abc import Callable

from ansinh_contracts.auth import ContactChangedV1
from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent

from auth.domain.contact_events import ContactChanged
from auth.domain.objections import ObjectionCodes

ToContract = Callable[[RecordedEvent], IntegrationEvent | None]


def with_objection_codes(to_contract: ToContract, codes: ObjectionCodes) -> ToContract:
    """Return `to_contract`, with the code in what it returns for a change that can be objected to."""

    def objectionable(recorded: RecordedEvent) -> IntegrationEvent | None:
        contract, event = to_contract(recorded), recorded.event
        if not isinstance(event, ContactChanged) or not isinstance(contract, ContactChangedV1):
            return contract
        if event.objection_key is None or contract.contact is None:
            return contract
        code = codes.code_of(key_id=event.objection_key, account_id=event.account_id, change_id=event.change_id)
        return contract.model_copy(update={"objection_code": code})

    return objectionable
