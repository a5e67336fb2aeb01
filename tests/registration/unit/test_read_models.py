"""The queue and the declarant's overview, folded from events."""

import pytest
from ansinh_kit.database import Document
from ansinh_kit.events import DomainEvent
from registration.domain.declaration import events as happened
from registration.projections.declarant_overview import declarant_overview
from registration.projections.review_queue import ReviewQueue

from tests.registration import builders as b
from tests.registration.builders import recorded

KEY = "d" * 32


def queue_after(*events: DomainEvent) -> Document | None:
    queue, document = ReviewQueue(), None
    for version, event in enumerate(events, start=1):
        if KEY in queue.keys(recorded(event, version=version)):
            document = queue.fold(KEY, document, recorded(event, version=version))
    return document


def steps_after(*events: DomainEvent) -> list[str]:
    overview = declarant_overview([recorded(event, version=index) for index, event in enumerate(events, start=1)])
    return [entry.step for entry in overview.time_line]


def test_drafts_and_declarations_set_aside_are_in_no_queue() -> None:
    assert queue_after(*b.DRAFT) is None
    assert queue_after(*b.DRAFT, b.set_aside()) is None


def test_a_release_brings_back_what_the_declaration_waited_as() -> None:
    released = happened.DeclarationReleased(**b.IDS, officer_id="officer-a")
    first = queue_after(*b.CHECKING, released)
    second = queue_after(*b.REJECTED, b.resubmitted("full_name"), b.claimed(), released)
    assert first is not None
    assert second is not None
    assert (first["status"], second["status"]) == ("submitted", "resubmitted")
    assert second["changed_fields"] == ["full_name"]


def test_the_decision_and_the_withdrawal_end_the_wait() -> None:
    for history in (b.REJECTED, b.VALID, b.WITHDRAWN):
        assert queue_after(*history) is None


def test_a_person_who_is_forgotten_waits_no_longer() -> None:
    assert queue_after(*b.CHECKING, happened.DeclarationForgotten(**b.IDS)) is None


def test_what_comes_after_the_wait_does_not_bring_it_back() -> None:
    assert queue_after(*b.REJECTED, b.duplicate_noticed()) is None


def test_a_queue_document_holds_no_personal_value() -> None:
    document = repr(queue_after(*b.CHECKING))
    for value in ("Mẫu", "900000018", "6600000018", "066090000018", "example"):
        assert value not in document


@pytest.mark.req("U-05")
def test_the_time_line_tells_every_step() -> None:
    account = (
        happened.AccountOpenedForDeclarant(**b.IDS, account_id="c" * 32),
        happened.AccountActivatedByDeclarant(**b.IDS, account_id="c" * 32),
    )
    assert steps_after(*b.REJECTED, b.resubmitted("full_name"), b.claimed(), b.found_valid(), *account) == [
        "started",
        "submitted",
        "checking",
        "rejected",
        "resubmitted",
        "checking",
        "valid",
        "account_opened",
        "account_activated",
    ]


@pytest.mark.req("U-05")
@pytest.mark.req("V-19")
def test_a_due_time_stands_while_an_answer_is_owed() -> None:
    def due(*events: DomainEvent) -> object:
        return declarant_overview([recorded(event) for event in events]).due_at

    assert due(*b.SUBMITTED) == b.DUE
    assert due(*b.CHECKING) == b.DUE
    assert due(*b.REJECTED) is None
    assert due(*b.VALID) is None


def test_set_aside_reads_like_sent() -> None:
    assert steps_after(*b.DRAFT, b.set_aside()) == steps_after(*b.SUBMITTED)
    assert steps_after(*b.REJECTED, b.set_aside()) == steps_after(*b.REJECTED, b.resubmitted("full_name"))
