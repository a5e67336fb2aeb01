"""What the records service tells the others about insurance records. No personal value is in here: ids only."""

from datetime import datetime
from typing import ClassVar

from ansinh_kit.integration_event import IntegrationEvent


class _ParticipantEvent(IntegrationEvent):
    participant_id: str
    occurred_at: datetime


class ParticipantRegisteredV1(_ParticipantEvent):
    """A person's insurance record was begun; `agency_code` manages it."""

    name: ClassVar[str] = "records.participant_registered"

    agency_code: str


class AccountLinkedV1(_ParticipantEvent):
    """The holder of an account, known to auth as `person_id`, may read this record."""

    name: ClassVar[str] = "records.account_linked"

    person_id: str


class AccountUnlinkedV1(_ParticipantEvent):
    """The holder of the account may no longer read this record."""

    name: ClassVar[str] = "records.account_unlinked"

    person_id: str


class ParticipantMergedV1(_ParticipantEvent):
    """The record was a second one of the same person; everything it held goes on under `into`."""

    name: ClassVar[str] = "records.participant_merged"

    into: str
