"""Forgetting goes on until it is proven, whoever writes meanwhile."""

import pytest
from ansinh_kit.backoff import Backoff
from ansinh_kit.clock import SystemClock
from ansinh_kit.erasure import Erasure, StoredRemains
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.projector import Projector
from records.domain.participant.events import ForgottenAccount, ParticipantForgotten
from records.handlers.forgetting import Forgetting, StillReadableError
from records.projections.person import Person

from tests.records import people
from tests.records.feeding import Office

LEGAL_BASIS = "Bản án có hiệu lực số 18/2026"
AT_ONCE = Backoff(0.0, 0.0)


PAGES = f"view_person_v{Person.version}_g1"


class RewrittenBehindTheBack(StoredRemains):
    """A projector that read before and writes afterwards, so many times."""

    def __init__(self, database: Database, times: int) -> None:
        super().__init__(database, [Person()])
        self._database, self._times = database, times

    async def remove(self, subject_id: str) -> None:
        await super().remove(subject_id)
        if self._times > 0:
            self._times -= 1
            late = {"_subject": subject_id, "_personal": {"alg": "A256GCM"}}
            await self._database[PAGES].update_one({"_id": subject_id}, {"$set": late})


async def forget(office: Office, database: Database, *, rewritten: int) -> None:
    participant_id = await office.registered()
    cipher, store = PersonalDataCipher(office.service.keyring), office.service.store
    projector = Projector(store=store, database=database, projection=Person(), cipher=cipher)
    await projector.catch_up(await projector.generations.active_or_first())
    forgetting = Forgetting(
        store=store,
        participants=office.service.use_cases.participants,
        record_ids=office.service.use_cases.record_ids,
        erasure=Erasure(cipher, stored=RewrittenBehindTheBack(database, rewritten)),
        clock=SystemClock(),
        patience=AT_ONCE,
    )
    metadata = Metadata(correlation_id="forgetting", actor="operator")
    forgotten = await forgetting.forget(participant_id, legal_basis=LEGAL_BASIS, metadata=metadata)
    assert forgotten.participant_ids == (participant_id,)


def memory_forgetting(office: Office) -> Forgetting:
    service = office.service
    return Forgetting(
        store=service.store,
        participants=service.use_cases.participants,
        record_ids=service.use_cases.record_ids,
        erasure=Erasure(PersonalDataCipher(service.keyring), reservations=service.reservations),
        clock=service.clock,
        patience=AT_ONCE,
    )


@pytest.mark.sec("PII-06")
async def test_holders_of_further_declarations_are_forgotten_too_each_once() -> None:
    """Of the linked account the declaration is known here; of the others registration says which they are."""
    office = Office()
    participant_id = await office.registered()
    await office.declare()
    linked = ForgottenAccount(person_id=people.PERSON, declaration_id="d" * 32)
    withdrawn = ForgottenAccount(person_id="7" * 32, declaration_id="8" * 32)
    metadata = Metadata(correlation_id="forgetting", actor="operator")
    forgotten = await memory_forgetting(office).forget(
        participant_id, legal_basis=LEGAL_BASIS, metadata=metadata, declarations=[linked, withdrawn]
    )
    assert forgotten.person_ids == (people.PERSON, "7" * 32)
    told = (await office.service.events())[-1].event
    assert isinstance(told, ParticipantForgotten)
    assert told.accounts == (linked, withdrawn)
    assert await office.service.keyring.is_forgotten("7" * 32)


async def test_the_numbers_of_a_person_are_told_until_the_person_is_forgotten() -> None:
    office = Office()
    participant_id = await office.registered()
    forgetting = memory_forgetting(office)
    assert await forgetting.numbers(participant_id) == {
        ("social_insurance_number", "6600000018"),
        ("citizen_number", "066090000018"),
    }
    metadata = Metadata(correlation_id="forgetting", actor="operator")
    await forgetting.forget(participant_id, legal_basis=LEGAL_BASIS, metadata=metadata)
    assert await forgetting.numbers(participant_id) == frozenset()


async def test_what_a_projector_writes_late_is_erased_as_well(office: Office, database: Database) -> None:
    await forget(office, database, rewritten=2)

    assert await database[PAGES].count_documents({"_subject": {"$exists": True}}) == 0


async def test_what_is_written_again_and_again_is_named(office: Office, database: Database) -> None:
    with pytest.raises(StillReadableError, match=PAGES):
        await forget(office, database, rewritten=1000)
