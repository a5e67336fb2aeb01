"""The rules of an integrator. What changes nothing is no event."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, assert_never

from ansinh_kit.decider import Decider

from auth.domain.integrators.commands import (
    ChangeScopes,
    EndFormerSecret,
    IntegratorCommand,
    ReadmitIntegrator,
    RegisterIntegrator,
    RotateSecret,
    SuspendIntegrator,
)
from auth.domain.integrators.events import (
    IntegratorEvent,
    IntegratorFormerSecretEnded,
    IntegratorReadmitted,
    IntegratorRegistered,
    IntegratorScopesChanged,
    IntegratorSecretRotated,
    IntegratorSuspended,
)
from auth.domain.integrators.integrator import (
    AlreadyRegisteredError,
    Integrator,
    IntegratorNotFoundError,
    TwoSecretsError,
)

LONGEST_OVERLAP: Final = timedelta(days=30)


def decide(command: IntegratorCommand, state: Integrator) -> Sequence[IntegratorEvent]:
    if isinstance(command, RegisterIntegrator):
        return _register(command, state)
    if state.status == "absent":
        raise IntegratorNotFoundError
    match command:
        case ChangeScopes():
            return _change_scopes(command, state)
        case RotateSecret():
            return _rotate(command, state)
        case EndFormerSecret():
            return _end_former(command, state)
        case SuspendIntegrator():
            return [IntegratorSuspended(**_facts(command, state))] if state.status == "active" else []
        case ReadmitIntegrator():
            return [IntegratorReadmitted(**_facts(command, state))] if state.status == "suspended" else []
        case _:
            assert_never(command)


def _register(command: RegisterIntegrator, state: Integrator) -> list[IntegratorEvent]:
    if state.status != "absent":
        raise AlreadyRegisteredError
    scopes = tuple(sorted(command.scopes))
    facts = _facts(command, state)
    return [IntegratorRegistered(**facts, name=command.name, scopes=scopes, secret_id=command.secret_id)]


def _change_scopes(command: ChangeScopes, state: Integrator) -> list[IntegratorEvent]:
    scopes = tuple(sorted(command.scopes))
    return [] if scopes == state.scopes else [IntegratorScopesChanged(**_facts(command, state), scopes=scopes)]


def _rotate(command: RotateSecret, state: Integrator) -> list[IntegratorEvent]:
    if state.former_is_good(command.now):
        raise TwoSecretsError
    rotated = IntegratorSecretRotated(
        **_facts(command, state),
        secret_id=command.secret_id,
        former_secret_id=state.secret_id,
        former_ends_at=command.now + min(command.overlap, LONGEST_OVERLAP),
    )
    return [rotated]


def _end_former(command: EndFormerSecret, state: Integrator) -> list[IntegratorEvent]:
    if state.former_secret_id is None or not state.former_is_good(command.now):
        return []
    return [IntegratorFormerSecretEnded(**_facts(command, state), secret_id=state.former_secret_id)]


def _facts(command: IntegratorCommand, state: Integrator) -> dict[str, Any]:
    return {
        "integrator_id": command.integrator_id,
        "revision": state.revision + 1,
        "occurred_at": command.now,
        "actor_id": command.actor_id,
        "reason": command.reason,
    }


def evolve(state: Integrator, event: IntegratorEvent) -> Integrator:
    return state.model_copy(update={"revision": event.revision, **_changes(state, event)})


def _changes(state: Integrator, event: IntegratorEvent) -> dict[str, object]:
    match event:
        case IntegratorRegistered():
            return {"status": "active", "name": event.name, "scopes": event.scopes, "secret_id": event.secret_id}
        case IntegratorScopesChanged():
            return {"scopes": event.scopes}
        case IntegratorSecretRotated():
            return {
                "secret_id": event.secret_id,
                "former_secret_id": event.former_secret_id,
                "former_ends_at": event.former_ends_at,
            }
        case IntegratorFormerSecretEnded():
            return {"former_secret_id": None, "former_ends_at": None}
        case IntegratorSuspended():
            return {"status": "suspended", "suspensions": state.suspensions + 1}
        case IntegratorReadmitted():
            return {"status": "active"}
        case _:
            assert_never(event)


INTEGRATOR: Decider[IntegratorCommand, Integrator, IntegratorEvent] = Decider(Integrator(), decide, evolve)


def stream_of(integrator_id: str) -> str:
    return f"integrator-{integrator_id}"
