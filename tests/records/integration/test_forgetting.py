"""Forgetting goes on until it is proven, whoever writes meanwhile."""

import pytest
from ansinh_kit.backoff import Backoff
from ansinh_kit.clock import SystemClock
from ansinh_kit.erasure import Erasure, StoredRemains
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.projector import Projector
from records.handlers.forgetting import Forgetting, StillReadableError
from records.projections.person import Person

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


async def test_what_a_projector_writes_late_is_erased_as_well(office: Office, database: Database) -> None:
    await forget(office, database, rewritten=2)

    assert await database[PAGES].count_documents({"_subject": {"$exists": True}}) == 0


async def test_what_is_written_again_and_again_is_named(office: Office, database: Database) -> None:
    with pytest.raises(StillReadableError, match=PAGES):
        await forget(office, database, rewritten=1000)
