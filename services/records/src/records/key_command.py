"""What `python -m records keys …` works on."""

from ansinh_kit.index_commands import IndexedService

from records.app import build_process
from records.projections.number_look_ups import NumberLookUps
from records.settings import RecordsSettings
from records.storage.numbers_told import numbers_told


def indexed_service(settings: RecordsSettings) -> IndexedService:
    process = build_process(settings)
    foundation = process.foundation
    return IndexedService(
        foundation=foundation,
        reservations=process.reservations,
        numbers_told=numbers_told,
        views=(NumberLookUps(foundation.blind_index),),
    )
