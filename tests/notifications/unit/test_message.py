import pytest
from ansinh_kit.testing.given_when_then import Scenario
from notifications.domain.commands import (
    EndLapsedLease,
    MessageCommand,
    PostponeLookUp,
    RecordAbsence,
    RecordNotProcessed,
    RecordNoTrace,
    RecordRejection,
    RecordUnknownOutcome,
)
from notifications.domain.errors import (
    MessageLeasedError,
    MessageNotDueError,
    MessageNotFoundError,
    MessageNotSendableError,
)
from notifications.domain.events import MessageDelivered, MessageEvent, MessageFailed
from notifications.domain.message import message_decider, message_id_of
from notifications.domain.state import Message
from notifications.events import EVENTS

from tests.notifications.builders import (
    MESSAGE,
    accept,
    accepted,
    at,
    call_back,
    claim,
    claimed,
    postponed,
    request,
    request_secret,
    requested,
    secret_requested,
    unknown,
)

message: Scenario[MessageCommand, Message | None, MessageEvent] = Scenario(message_decider, EVENTS)


def failed(reason: str, *, at_seconds: float, attempt: int = 1, retry_at_seconds: float | None = None) -> MessageFailed:
    return MessageFailed(
        message_id=MESSAGE,
        occurred_at=at(at_seconds),
        kind="account_opened",
        channel="sms",
        challenge_id=None,
        attempt=attempt,
        reason=reason,
        retry_at=None if retry_at_seconds is None else at(retry_at_seconds),
    )


def delivered(*, at_seconds: float = 3) -> MessageDelivered:
    return MessageDelivered(
        message_id=MESSAGE,
        occurred_at=at(at_seconds),
        kind="account_opened",
        channel="sms",
        challenge_id=None,
        attempt=1,
    )


def test_a_request_is_recorded() -> None:
    message.when(request()).then(requested())


def test_the_log_of_a_secret_holds_neither_the_secret_nor_the_whole_target() -> None:
    message.when(request_secret()).then(secret_requested())


@pytest.mark.sec("I4")
def test_the_same_fact_requested_again_makes_no_second_message() -> None:
    message.given(requested()).when(request()).then()


def test_one_fact_has_one_message_id_per_kind_and_channel() -> None:
    ids = {
        message_id_of(source, kind, channel)
        for source in ("event-1", "event-2")
        for kind in ("account_opened", "password_changed")
        for channel in ("sms", "email")
        for _delivery in range(2)
    }
    assert len(ids) == 8


def test_a_message_nobody_requested_cannot_be_claimed() -> None:
    message.when(claim()).then_raises(MessageNotFoundError)


def test_a_requested_message_can_be_claimed_once() -> None:
    message.given(requested()).when(claim()).then(claimed())
    refusal = message.given(requested(), claimed()).when(claim(5)).then_raises(MessageLeasedError)
    assert refusal.leased_until == at(61)


def test_a_lapsed_lease_does_not_allow_a_claim_because_the_message_may_have_been_sent() -> None:
    message.given(requested(), claimed()).when(claim(62)).then_raises(MessageNotSendableError)


def test_a_postponed_message_can_be_claimed_when_it_is_due_and_not_before() -> None:
    given = message.given(requested(), claimed(), postponed(retry_at_seconds=30))
    refusal = given.when(claim(29)).then_raises(MessageNotDueError)
    assert refusal.retry_at == at(30)
    given.when(claim(30)).then(claimed(2, at_seconds=30))


def test_an_expired_message_fails_when_claimed() -> None:
    message.given(requested()).when(claim(259_200)).then(failed("expired", at_seconds=259_200, attempt=0))


@pytest.mark.sec("F-28")
def test_what_was_surely_not_processed_is_postponed() -> None:
    outcome = RecordNotProcessed(attempt=1, reason="http_429", retry_at=at(30), now=at(2))
    message.given(requested(), claimed()).when(outcome).then(postponed(retry_at_seconds=30))


def test_what_cannot_be_retried_before_it_expires_fails() -> None:
    outcome = RecordNotProcessed(attempt=1, reason="http_429", retry_at=at(259_200), now=at(2))
    message.given(requested(), claimed()).when(outcome).then(failed("http_429", at_seconds=2, retry_at_seconds=259_200))


@pytest.mark.sec("F-28")
def test_a_rejection_is_final() -> None:
    rejection = RecordRejection(attempt=1, reason="http_400", now=at(2))
    message.given(requested(), claimed()).when(rejection).then(failed("http_400", at_seconds=2))


@pytest.mark.sec("F-29")
def test_an_unknown_outcome_asks_for_a_look_up_and_cannot_be_claimed() -> None:
    outcome = RecordUnknownOutcome(attempt=1, reason="timeout", look_up_at=at(120), now=at(2))
    message.given(requested(), claimed()).when(outcome).then(unknown())
    message.given(requested(), claimed(), unknown()).when(claim(500)).then_raises(MessageNotSendableError)


@pytest.mark.sec("F-29")
def test_a_secret_with_unknown_outcome_is_neither_looked_up_nor_sent_again() -> None:
    outcome = RecordUnknownOutcome(attempt=1, reason="timeout", look_up_at=at(120), now=at(2))
    result = message.given(secret_requested(), claimed()).when(outcome)
    recorded = unknown(look_up_at_seconds=None).model_copy(
        update={"kind": "activation_code", "challenge_id": secret_requested().challenge_id}
    )
    result.then(recorded)
    stuck = message.given(secret_requested(), claimed(), recorded)
    stuck.when(RecordAbsence(attempt=1, retry_at=at(200), now=at(150))).then()
    stuck.when(claim(200)).then_raises(MessageNotSendableError)


@pytest.mark.sec("F-10")
def test_a_lapsed_lease_leaves_the_outcome_unknown() -> None:
    lapse = EndLapsedLease(look_up_at=at(120), now=at(61))
    expected = unknown().model_copy(update={"occurred_at": at(61), "reason": "lease_lapsed"})
    message.given(requested(), claimed()).when(lapse).then(expected)


def test_a_lease_cannot_be_ended_before_it_lapses() -> None:
    lapse = EndLapsedLease(look_up_at=at(120), now=at(60))
    message.given(requested(), claimed()).when(lapse).then_raises(MessageLeasedError)


@pytest.mark.sec("F-10")
def test_a_worker_that_was_paused_past_its_lease_still_reports_that_it_has_sent() -> None:
    message.given(requested(), claimed(), unknown()).when(accept(at_seconds=90)).then(accepted(at_seconds=90))


@pytest.mark.sec("F-10")
def test_a_late_refusal_does_not_touch_the_attempt_of_another_worker() -> None:
    rejection = RecordRejection(attempt=1, reason="http_400", now=at(90))
    history = (requested(), claimed(), unknown(), postponed(retry_at_seconds=60), claimed(2, at_seconds=61))
    message.given(*history).when(rejection).then()


@pytest.mark.sec("F-29")
def test_an_sms_the_carrier_does_not_have_is_sent_again() -> None:
    absence = RecordAbsence(attempt=1, retry_at=at(130), now=at(121))
    expected = postponed(retry_at_seconds=130).model_copy(
        update={"occurred_at": at(121), "reason": "not_found_at_carrier"}
    )
    message.given(requested(), claimed(), unknown()).when(absence).then(expected)


@pytest.mark.sec("F-29")
def test_an_sms_that_cannot_be_traced_is_never_sent_again() -> None:
    no_trace = RecordNoTrace(attempt=1, retry_at=at(130), now=at(121))
    expected = unknown(look_up_at_seconds=None).model_copy(
        update={"occurred_at": at(121), "reason": "no_trace_at_carrier"}
    )
    message.given(requested(), claimed(), unknown()).when(no_trace).then(expected)


@pytest.mark.sec("F-32")
def test_an_email_that_cannot_be_traced_is_sent_once_more_and_not_twice() -> None:
    first = message.given(requested("email"), claimed(), unknown(channel="email"))
    again = postponed(retry_at_seconds=130).model_copy(update={"occurred_at": at(121), "reason": "no_trace_at_carrier"})
    first.when(RecordNoTrace(attempt=1, retry_at=at(130), now=at(121))).then(again)
    second_unknown = unknown(channel="email", look_up_at_seconds=300).model_copy(update={"attempt": 2})
    second = first.given(again, claimed(2, at_seconds=130), second_unknown)
    last_word = second_unknown.model_copy(
        update={"occurred_at": at(301), "reason": "no_trace_at_carrier", "look_up_at": None}
    )
    second.when(RecordNoTrace(attempt=2, retry_at=at(310), now=at(301))).then(last_word)


def test_an_unanswered_look_up_is_repeated_until_the_message_expires() -> None:
    given = message.given(requested(), claimed(), unknown())
    later = unknown(look_up_at_seconds=400).model_copy(update={"occurred_at": at(121), "reason": "look_up_unanswered"})
    given.when(PostponeLookUp(attempt=1, look_up_at=at(400), now=at(121))).then(later)
    never = later.model_copy(update={"look_up_at": None})
    given.when(PostponeLookUp(attempt=1, look_up_at=at(259_200), now=at(121))).then(never)


@pytest.mark.sec("F-31")
def test_a_call_back_that_overtakes_the_answer_proves_the_acceptance() -> None:
    message.given(requested(), claimed()).when(call_back("delivered")).then(accepted(at_seconds=3), delivered())
    message.given(requested(), claimed(), unknown()).when(call_back("in_transit")).then(accepted(at_seconds=3))


@pytest.mark.sec("F-31")
def test_call_backs_only_move_a_message_forward() -> None:
    given = message.given(requested(), claimed(), accepted())
    given.when(call_back("in_transit")).then()
    given.when(call_back("failed")).then(failed("30003", at_seconds=3))
    final = given.given(delivered())
    final.when(call_back("delivered")).then()
    final.when(call_back("failed")).then()
    final.when(call_back("in_transit")).then()


@pytest.mark.sec("F-31")
def test_a_call_back_about_another_message_of_the_carrier_changes_nothing() -> None:
    given = message.given(requested(), claimed(), accepted())
    given.when(call_back("delivered", provider_message_id="SM2")).then()


@pytest.mark.sec("F-31")
def test_a_call_back_for_a_message_that_was_never_handed_over_changes_nothing() -> None:
    message.given(requested()).when(call_back("delivered")).then()
