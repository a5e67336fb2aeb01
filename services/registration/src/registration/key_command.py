"""What `python -m registration keys …` works on."""

from ansinh_kit.index_commands import IndexedService

from registration.app import build_process
from registration.projections.declared_numbers import DeclaredNumbers
from registration.settings import RegistrationSettings
from registration.storage.open_declarations import numbers_told


def indexed_service(settings: RegistrationSettings) -> IndexedService:
    process = build_process(settings)
    foundation = process.foundation
    return IndexedService(
        foundation=foundation,
        reservations=process.reservations,
        numbers_told=numbers_told,
        views=(DeclaredNumbers(foundation.blind_index),),
    )
