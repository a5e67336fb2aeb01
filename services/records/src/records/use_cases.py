"""Puts the use cases together over the things that differ between a process and a test."""

from dataclasses import dataclass
from typing import Final

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import EventRegistry
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import Reservations

from records.projections.catalogue import ReadModels

EVENTS: Final = EventRegistry.of(())
"""Every event this service stores. Each aggregate adds its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the use cases stand on; tests give memory and a fixed clock."""

    store: EventStore
    clock: Clock
    ids: IdGenerator
    cipher: PersonalDataCipher
    reservations: Reservations
    blind_index: BlindIndex
    read_models: ReadModels


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Everything the service can do, by who asks for it."""


def build_use_cases(on: Surroundings) -> UseCases:
    """Return everything the service can do; nothing is read or written yet."""
    del on
    return UseCases()
