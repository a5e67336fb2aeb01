"""Participation on the real server: encrypted, rebuilt as it was live, and silent about who was forgotten."""

import asyncio
import json

import pytest
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.rebuild import Progress, rebuild
from ansinh_kit.projections.view import View
from records.domain.contributions.errors import ContributionsErasedError
from records.domain.kind import KINDS
from records.handlers.participation import ParticipationReading
from records.handlers.row_history import RowHistory
from records.projections.participation import Participation, participation_key

from tests.records.feeding import Office
from tests.records.working_life import B, WorkingLife, sent


class Projected:
    """The read model as a projector keeps it, and as readers find it."""

    def __init__(self, office: Office, database: Database) -> None:
        cipher, self.store = PersonalDataCipher(office.service.keyring), office.service.store
        self.projector = Projector(store=self.store, database=database, projection=Participation(), cipher=cipher)
        self.view = View(database=database, projection=Participation(), cipher=cipher)

    async def catch_up(self) -> None:
        await self.projector.catch_up(await self.projector.generations.active_or_first())

    async def bytes(self) -> bytes:
        """Return everything the view shows, in one order."""
        documents = await self.view.find({}, sort=[("_id", 1)], limit=1_000)
        return json.dumps(documents, ensure_ascii=False).encode()


@pytest.fixture
async def life(office: Office) -> WorkingLife:
    return WorkingLife(office, await office.registered())


@pytest.fixture
def projected(office: Office, database: Database) -> Projected:
    return Projected(office, database)


async def a_working_life(life: WorkingLife, projected: Projected) -> None:
    """Record, correct, withdraw and merge, with the projector catching up in between."""
    first, second = await life.fed(sent("2019-01/2019-12"), sent("2020-01/2020-12", kind="health"))
    await projected.catch_up()
    await life.change(first["id"], "corrections", sent("2019-03/2019-12", value="2.34"))
    await projected.catch_up()
    await life.change(second["id"], "withdrawal", {"reason": "Ghi nhầm người tham gia."})
    duplicate_id = await life.office.registered(number="6600000026", citizen_number=None)
    await life.office.post(f"participants/{duplicate_id}/periods", {"rows": [sent("2021-01/2021-06", B)]})
    await projected.catch_up()
    await life.office.post(f"participants/{life.participant_id}/merge", {"duplicate_id": duplicate_id})
    await projected.catch_up()


@pytest.mark.mongo
async def test_rebuilt_is_live_byte_for_byte(life: WorkingLife, projected: Projected) -> None:
    await a_working_life(life, projected)
    live = await projected.bytes()

    await rebuild(projected.projector, projected.store, report=lambda _: None)

    assert len(live) > 1_000
    assert await projected.bytes() == live


@pytest.mark.mongo
async def test_what_is_written_during_a_rebuild_is_in_both(life: WorkingLife, projected: Projected) -> None:
    await a_working_life(life, projected)
    writing: list[asyncio.Task[object]] = []

    def write_on(progress: Progress) -> None:
        del progress
        if not writing:
            writing.append(asyncio.create_task(life.fed(sent("2022-01/2022-06"))))

    built = await rebuild(projected.projector, projected.store, report=write_on)
    await asyncio.gather(*writing)
    await projected.projector.catch_up(built)
    after = await projected.bytes()
    back = await projected.projector.generations.roll_back()
    await projected.projector.catch_up(back)

    assert b"2022-06" in after
    assert await projected.bytes() == after


@pytest.mark.mongo
@pytest.mark.sec("PII-03")
async def test_the_rows_lie_as_one_ciphertext(life: WorkingLife, projected: Projected, database: Database) -> None:
    await life.fed(sent("2019-01/2019-12", occupation="Thợ hàn"))
    await projected.catch_up()

    stored = await database["view_participation_v1_g1"].find_one({"_id": f"{life.participant_id}/social"})

    assert stored is not None
    assert set(stored) == {"_id", "_position", "_subject", "_personal", "participant_id", "kind"}
    assert "Thợ hàn" not in repr(stored)


@pytest.mark.mongo
@pytest.mark.sec("PII-06")
@pytest.mark.req("S-35")
async def test_the_rows_of_a_forgotten_person_are_erased_and_not_called_empty(
    life: WorkingLife, projected: Projected
) -> None:
    reading = reading_of(life, projected)
    await a_working_life(life, projected)
    await life.office.service.keyring.forget(life.participant_id)

    for _ in range(2):
        with pytest.raises(ContributionsErasedError):
            await reading.of_kind(life.participant_id, "social", None)
        await rebuild(projected.projector, projected.store, report=lambda _: None)


def reading_of(life: WorkingLife, projected: Projected) -> ParticipationReading:
    history = RowHistory(projected.view, life.office.service.use_cases.record_ids)
    return ParticipationReading(history, history)


async def taken(office: Office, path: str, content: object) -> None:
    """Send it as a patient client does: a lost race is asked again, under the same key."""
    key = office.service.ids.new_id()
    for _ in range(20):
        answer = await office.post(path, content, key=key)
        if answer.status == 200:
            return
        assert answer.json()["code"] == "concurrency_conflict", answer.body
    raise AssertionError("every race was lost")


@pytest.mark.mongo
async def test_corrections_files_and_a_merge_at_once_lose_nothing(life: WorkingLife, projected: Projected) -> None:
    office = life.office
    first = (await life.fed(sent("2015-01/2015-12")))[0]
    shorter = sent("2015-01/2015-06")
    duplicate_id = await office.registered(number="6600000026", citizen_number=None)
    await office.post(f"participants/{duplicate_id}/periods", {"rows": [sent("2014-01/2014-12")]})

    def years(*of: int) -> dict[str, object]:
        return {"rows": [sent(f"20{year}-01/20{year}-12") for year in of]}

    await asyncio.gather(
        taken(office, f"participants/{life.participant_id}/periods/{first['id']}/corrections", shorter),
        taken(office, f"participants/{life.participant_id}/merge", {"duplicate_id": duplicate_id}),
        *(taken(office, f"participants/{life.participant_id}/periods", years(year)) for year in (16, 17)),
        *(taken(office, f"participants/{duplicate_id}/periods", years(year)) for year in (18, 19)),
    )
    await projected.catch_up()

    rows = (await reading_of(life, projected).of_kind(life.participant_id, "social", None)).periods
    found = sorted(f"{one.period.from_month.iso}/{one.period.to_month.iso}" for one in rows)
    assert found == ["2014-01/2014-12", "2015-01/2015-06", *(f"20{year}-01/20{year}-12" for year in (16, 17, 18, 19))]
    for kind in KINDS:
        gone = await projected.view.get(participation_key(duplicate_id, kind))
        assert gone is None or all(versions[-1]["value"] is None for versions in gone["rows"].values())
