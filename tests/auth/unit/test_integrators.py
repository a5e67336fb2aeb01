from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansinh_kit.errors import DomainError
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.integrators.commands import (
    ChangeScopes,
    EndFormerSecret,
    IntegratorCommand,
    ReadmitIntegrator,
    RegisterIntegrator,
    RotateSecret,
    SuspendIntegrator,
)
from auth.domain.integrators.decider import INTEGRATOR, LONGEST_OVERLAP
from auth.domain.integrators.events import (
    INTEGRATOR_EVENTS,
    IntegratorEvent,
    IntegratorFormerSecretEnded,
    IntegratorReadmitted,
    IntegratorRegistered,
    IntegratorScopesChanged,
    IntegratorSecretRotated,
    IntegratorSuspended,
)
from auth.domain.integrators.integrator import AlreadyRegisteredError, IntegratorNotFoundError, TwoSecretsError
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = timedelta(days=7)

integrator = Scenario(INTEGRATOR, EventRegistry.of(INTEGRATOR_EVENTS))


def asked(now: datetime = NOW) -> dict[str, Any]:
    return {"integrator_id": "igr", "actor_id": "ada", "reason": "Theo công văn số 3", "now": now}


def done(revision: int, at: datetime = NOW) -> dict[str, Any]:
    facts = {name: value for name, value in asked().items() if name != "now"}
    return {**facts, "revision": revision, "occurred_at": at}


def rotate(secret_id: str, *, now: datetime = NOW, overlap: timedelta = WEEK) -> RotateSecret:
    return RotateSecret(**asked(now), secret_id=secret_id, overlap=overlap)


def rotated(revision: int, at: datetime = NOW, *, ends: timedelta = WEEK) -> IntegratorSecretRotated:
    return IntegratorSecretRotated(
        **done(revision, at), secret_id="second", former_secret_id="first", former_ends_at=at + ends
    )


register = RegisterIntegrator(**asked(), name="Bệnh viện A", scopes=frozenset({"profile"}), secret_id="first")
registered = IntegratorRegistered(**done(1), name="Bệnh viện A", scopes=("profile",), secret_id="first")
suspended = IntegratorSuspended(**done(2))


def test_an_integrator_is_registered_once() -> None:
    integrator.when(register).then(registered)
    integrator.given(registered).when(register).then_raises(AlreadyRegisteredError)


@pytest.mark.parametrize(
    "command",
    [
        rotate("second"),
        ChangeScopes(**asked(), scopes=frozenset({"profile"})),
        EndFormerSecret(**asked()),
        SuspendIntegrator(**asked()),
        ReadmitIntegrator(**asked()),
    ],
)
def test_nothing_is_done_about_one_that_is_not_registered(command: IntegratorCommand) -> None:
    integrator.when(command).then_raises(IntegratorNotFoundError)


def test_a_new_secret_leaves_the_present_one_good_for_a_while() -> None:
    integrator.given(registered).when(rotate("second")).then(rotated(2))


def test_there_are_never_more_than_two_good_secrets() -> None:
    two = integrator.given(registered, rotated(2))
    two.when(rotate("third", now=NOW + WEEK - timedelta(seconds=1))).then_raises(TwoSecretsError)
    third = IntegratorSecretRotated(
        **done(3, NOW + WEEK), secret_id="third", former_secret_id="second", former_ends_at=NOW + 2 * WEEK
    )
    two.when(rotate("third", now=NOW + WEEK)).then(third)


def test_the_overlap_is_bounded() -> None:
    integrator.given(registered).when(rotate("second", overlap=2 * LONGEST_OVERLAP)).then(
        rotated(2, ends=LONGEST_OVERLAP)
    )


def test_the_former_secret_ends_once() -> None:
    ended = IntegratorFormerSecretEnded(**done(3), secret_id="first")
    two = integrator.given(registered, rotated(2))
    two.when(EndFormerSecret(**asked())).then(ended)
    two.given(ended).when(EndFormerSecret(**asked())).then()
    two.when(EndFormerSecret(**asked(NOW + WEEK))).then()


def test_scopes_suspension_and_readmission_are_events_only_if_they_change_something() -> None:
    wider = ChangeScopes(**asked(), scopes=frozenset({"secrets", "profile"}))
    changed = IntegratorScopesChanged(**done(2), scopes=("profile", "secrets"))
    integrator.given(registered).when(wider).then(changed)
    integrator.given(registered, changed).when(wider).then()
    integrator.given(registered).when(ReadmitIntegrator(**asked())).then()
    integrator.given(registered).when(SuspendIntegrator(**asked())).then(suspended)
    integrator.given(registered, suspended).when(SuspendIntegrator(**asked())).then()
    integrator.given(registered, suspended).when(ReadmitIntegrator(**asked())).then(IntegratorReadmitted(**done(3)))


@st.composite
def commands(draw: st.DrawFn, at: int = 0) -> IntegratorCommand:
    now = NOW + timedelta(days=at)
    possible: Sequence[IntegratorCommand] = [
        rotate(f"secret-{at}", now=now, overlap=timedelta(days=draw(st.integers(0, 60)))),
        EndFormerSecret(**asked(now)),
        SuspendIntegrator(**asked(now)),
        ReadmitIntegrator(**asked(now)),
        ChangeScopes(**asked(now), scopes=draw(st.frozensets(st.sampled_from(["profile", "secrets"]), min_size=1))),
    ]
    return draw(st.sampled_from(possible))


@given(st.data())
def test_whatever_happens_one_or_two_secrets_are_good_and_none_while_suspended(data: st.DataObject) -> None:
    state, revision = INTEGRATOR.fold([registered]), 1
    for day in range(data.draw(st.integers(0, 40))):
        now = NOW + timedelta(days=day)
        for event in _decided(data.draw(commands(day)), state):
            state, revision = INTEGRATOR.evolve(state, event), revision + 1
            assert event.revision == revision
        good = state.good_secrets(now)
        assert len(good) in ((1, 2) if state.status == "active" else (0,))
        assert len(set(good)) == len(good)


def _decided(command: IntegratorCommand, state: Any) -> Sequence[IntegratorEvent]:  # noqa: ANN401 - the decider's state
    try:
        return INTEGRATOR.decide(command, state)
    except DomainError:
        return []
