"""A worker that may die anywhere, a carrier that may lose its answer, call-backs in any order, any number of times."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import pytest
from ansinh_kit.errors import RefusedError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from notifications.domain.commands import (
    CarrierStatus,
    EndLapsedLease,
    MessageCommand,
    PostponeLookUp,
    RecordAbsence,
    RecordAcceptance,
    RecordCallBack,
    RecordNotProcessed,
    RecordNoTrace,
    RecordRejection,
    RecordUnknownOutcome,
)
from notifications.domain.content import Channel
from notifications.domain.events import MessageClaimed, MessageEvent, MessageOutcomeUnknown
from notifications.domain.message import decide
from notifications.domain.state import Message, evolve

from tests.notifications.builders import NOW, claim, request, request_secret

_RANK: Final = {"requested": 0, "postponed": 0, "claimed": 0, "unknown": 0, "accepted": 1, "delivered": 2, "failed": 2}
_STATUSES: Final[tuple[CarrierStatus, ...]] = ("in_transit", "delivered", "failed")


class MessageLife(RuleBasedStateMachine):
    """Time passes only by rules, so a lease lapses exactly when the machine says so."""

    state: Message | None = None
    channel: Channel = "sms"
    secret = False

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 1.0
        self.events: list[MessageEvent] = []
        self.attempt_unsent: int | None = None
        self.attempt_unreported: int | None = None
        self.handed_over: list[int] = []
        self.highest_rank = 0
        self.terminal: str | None = None

    def run(self, command: MessageCommand) -> bool:
        try:
            self.record(decide(command, self.state))
        except RefusedError:
            return False
        return True

    def record(self, events: Iterable[MessageEvent]) -> None:
        for event in events:
            self.events.append(event)
            self.state = evolve(self.state, event)

    @initialize(kind=st.sampled_from(("sms", "email", "secret")))
    def requested(self, kind: str) -> None:
        self.secret = kind == "secret"
        self.channel = "email" if kind == "email" else "sms"
        self.run(request_secret() if self.secret else request(channel=self.channel))

    @rule()
    def time_passes(self) -> None:
        self.seconds += 61
        self.attempt_unsent = None

    @rule()
    def a_worker_claims(self) -> None:
        before = len(self.events)
        if self.run(claim(self.seconds)) and isinstance(self.events[before], MessageClaimed):
            assert self.state is not None
            self.attempt_unsent = self.state.attempt

    @precondition(lambda self: self.attempt_unsent is not None)
    @rule(taken=st.booleans())
    def it_hands_over(self, *, taken: bool) -> None:
        assert self.attempt_unsent is not None
        if taken:
            self.handed_over.append(self.attempt_unsent)
            self.attempt_unreported = self.attempt_unsent
        self.attempt_unsent = None

    @precondition(lambda self: self.state is not None and self.state.attempt > 0)
    @rule(answer=st.sampled_from(("postpone", "reject", "lost")))
    def the_worker_reports_a_send_without_acceptance(self, answer: str) -> None:
        assert self.state is not None
        attempt, now = self.state.attempt, NOW + timedelta(seconds=self.seconds)
        if answer == "lost":
            self.run(RecordUnknownOutcome(attempt=attempt, reason="cut", look_up_at=now, now=now))
        elif attempt not in self.handed_over and self.attempt_unsent is None and answer == "postpone":
            self.run(RecordNotProcessed(attempt=attempt, reason="http_429", retry_at=now, now=now))
        elif attempt not in self.handed_over and self.attempt_unsent is None:
            self.run(RecordRejection(attempt=attempt, reason="http_400", now=now))

    @precondition(lambda self: self.attempt_unreported is not None)
    @rule(forget=st.booleans())
    def the_worker_reports_the_acceptance_perhaps_twice(self, *, forget: bool) -> None:
        attempt = self.attempt_unreported
        assert attempt is not None
        now = NOW + timedelta(seconds=self.seconds)
        self.run(RecordAcceptance(attempt=attempt, provider="p", provider_message_id=f"SM{attempt}", now=now))
        if forget:
            self.attempt_unreported = None

    @rule()
    def a_lapsed_lease_is_ended(self) -> None:
        now = NOW + timedelta(seconds=self.seconds)
        self.run(EndLapsedLease(look_up_at=now, now=now))

    @precondition(
        lambda self: self.state is not None and self.state.status == "unknown" and self.attempt_unsent is None
    )
    @rule(answered=st.booleans())
    def the_carrier_is_asked(self, *, answered: bool) -> None:
        assert self.state is not None
        attempt, now = self.state.attempt, NOW + timedelta(seconds=self.seconds)
        if not answered:
            self.run(PostponeLookUp(attempt=attempt, look_up_at=now, now=now))
        elif self.channel == "email":
            self.run(RecordNoTrace(attempt=attempt, retry_at=now, now=now))
        elif self.handed_over:
            found = self.handed_over[0]
            self.run(RecordAcceptance(attempt=found, provider="p", provider_message_id=f"SM{found}", now=now))
        else:
            self.run(RecordAbsence(attempt=attempt, retry_at=now, now=now))

    @precondition(lambda self: self.handed_over)
    @rule(status=st.sampled_from(_STATUSES), twice=st.booleans())
    def the_carrier_calls_back(self, *, status: CarrierStatus, twice: bool) -> None:
        now = NOW + timedelta(seconds=self.seconds)
        report = RecordCallBack(
            provider="p", provider_message_id=f"SM{self.handed_over[0]}", status=status, reason="30003", now=now
        )
        for _ in range(1 + twice):
            self.run(report)

    @invariant()
    def the_carrier_has_an_sms_at_most_once_and_an_email_at_most_twice(self) -> None:
        assert len(self.handed_over) <= (2 if self.channel == "email" else 1)

    @invariant()
    def a_secret_is_not_claimed_after_its_outcome_became_unknown(self) -> None:
        kinds = [type(event) for event in self.events]
        if self.secret and MessageOutcomeUnknown in kinds:
            assert MessageClaimed not in kinds[kinds.index(MessageOutcomeUnknown) :]

    @invariant()
    def the_carriers_view_only_moves_forward(self) -> None:
        if self.state is None:
            return
        assert self.terminal in {None, self.state.status}
        assert _RANK[self.state.status] >= self.highest_rank
        self.highest_rank = _RANK[self.state.status]
        self.terminal = self.state.status if self.highest_rank == 2 else None


@pytest.mark.sec("I4")
def test_whatever_happens_the_carrier_is_handed_an_sms_once() -> None:
    run_state_machine_as_test(MessageLife, settings=settings(max_examples=150, stateful_step_count=25, deadline=None))
