"""A new key of the blind index: who has declared is known, and refused a second declaration, under either."""

import pytest
from ansinh_kit.projections.folding import fold_events
from registration.projections.declared_numbers import DeclaredNumbers
from registration.storage.open_declarations import OpenDeclarations, numbers_told

from tests.registration import builders
from tests.registration.service import KEYS, Service
from tests.rotated_index import Rotation

pytestmark = [pytest.mark.sec("F-40"), pytest.mark.sec("PII-05")]

SECOND_NUMBER = "0123456780"


def rotation_of(service: Service) -> Rotation:
    return Rotation(service.store, service.reservations, service.keyring, KEYS, numbers_told)


async def test_everything_a_declaration_holds_moves_whatever_became_of_it(service: Service) -> None:
    rejected = await service.rejected("identity")
    corrected = builders.entries(identity={"kind": "passport", "number": "C7654321"}).model_dump(mode="json")
    answer = await service.ask("PUT", rejected.path, corrected, token=rejected.token)
    assert answer.status == 200, answer.body
    assert (await service.send(rejected, verb="resubmit")).status == 200
    assert await rotation_of(service).moves_everything() == 2


async def test_a_second_declaration_is_refused_once_the_old_key_is_gone(service: Service) -> None:
    first = await service.submitted()
    rotation = rotation_of(service)
    await rotation.re_index()
    new = OpenDeclarations(service.reservations, rotation.new_index)
    held = [await service.reservations.find_owner(*key) for key in new._keys(builders.form())]
    assert held == [first.declaration_id] * 2


async def test_a_withdrawn_declarations_numbers_do_not_come_back(service: Service) -> None:
    withdrawn = await service.submitted()
    assert (await service.ask("POST", f"{withdrawn.path}/withdraw", token=withdrawn.token)).status == 200
    assert await rotation_of(service).moves_everything() == 0


async def test_built_anew_the_read_model_finds_declarations_by_the_new_key_alone(service: Service) -> None:
    declared = await service.submitted()
    projection = DeclaredNumbers(rotation_of(service).new_index)
    (folded,) = fold_events(projection, {}, await service.events()).values()
    assert folded.document is not None
    assert folded.document["declaration_id"] == declared.declaration_id
    assert not set(folded.document["keys"]) & set((await service.declared_numbers.documents()).popitem()[1]["keys"])
