"""Two records that became one, asked of a day before: what stood in either, withdrawn rows as in one record."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.records import rows
from tests.records.desk import Desk
from tests.records.feeding import CITIZEN, Office, declared
from tests.records.working_life import A, B, sent

SECOND: dict[str, Any] = {"number": "6600000026", "citizen_number": "066090000026"}


class Records:
    """A survivor, which the citizen reads, and a duplicate; days go by between what is done to them."""

    def __init__(self) -> None:
        self.office = Office()
        self.desk = Desk(self.office.service)
        self.survivor = self.duplicate = ""

    async def begin(self) -> "Records":
        self.survivor = await self.office.registered(**SECOND)
        self.duplicate = await self.office.registered()
        await self.office.declare(
            participant=declared(social_insurance_number="6600000026", identity_number="066090000026")
        )
        return self

    async def feed(self, whose: str, to: str, *sent_rows: dict[str, Any]) -> list[str]:
        """Return the ids of the rows, or the rules that keep them out."""
        answer = await self.office.post(f"participants/{whose}/{to}", {"rows": list(sent_rows)})
        assert answer.status == 200, answer.body
        return [row["id"] or row["errors"][0]["rule"] for row in answer.json()["rows"]]

    async def withdraw(self, to: str, row_id: str) -> None:
        path = f"participants/{self.duplicate}/{to}/{row_id}/withdrawal"
        assert (await self.office.post(path, {"reason": "Ghi nhầm người tham gia."})).status == 200

    async def merge(self) -> None:
        merged = await self.office.post(f"participants/{self.survivor}/merge", {"duplicate_id": self.duplicate})
        assert merged.status == 200, merged.body

    def a_day_later(self) -> str:
        """Let a day pass, and return the moment before as a value of `as_of`."""
        then = quote(self.office.service.clock.now().isoformat())
        self.office.service.clock.advance(timedelta(days=1))
        return then

    async def shown(self, path: str) -> Any:  # noqa: ANN401 - JSON
        answer = await self.office.service.ask("GET", f"/v1/participants/me/{path}", caller=CITIZEN)
        assert answer.status == 200, answer.body
        return answer.json()

    async def shown_to_staff(self, path: str, *, scope: str) -> Any:  # noqa: ANN401 - JSON
        opening = await self.desk.opening(self.survivor, scope=scope)
        return (await self.desk.read(self.survivor, path, opening=opening)).json()


@pytest.fixture
async def records() -> Records:
    return await Records().begin()


async def spans(records: Records, as_of: str) -> tuple[list[str], int]:
    page = await records.shown(f"participation/social?as_of={as_of}")
    return [row["from_label"] for row in page["rows"]], page["summary"]["total"]["months"]


async def test_periods_of_both_records_stood_before_and_the_withdrawn_one_until_it_was_withdrawn(
    records: Records,
) -> None:
    in_both = sent("2018-01/2018-12", A)
    await records.feed(records.survivor, "periods", in_both)
    _, wrong = await records.feed(records.duplicate, "periods", in_both, sent("2021-01/2021-06", B))
    before = records.a_day_later()
    await records.withdraw("periods", wrong)
    withdrawn = records.a_day_later()
    await records.merge()
    merged = records.a_day_later()

    assert await spans(records, before) == (["01/2021", "01/2018"], 18)
    assert await spans(records, withdrawn) == (["01/2018"], 12)
    assert await spans(records, merged) == (["01/2018"], 12)
    assert await records.feed(records.duplicate, "periods", sent("2021-01/2021-06", B)) == ["withdrawn_since"]

    detail = await records.shown(f"participation/social/periods/{wrong}?as_of={before}")
    assert detail["content"]["employer_code"] == B


async def test_a_row_taken_over_shows_every_version_it_has_had(records: Records) -> None:
    (row_id,) = await records.feed(records.duplicate, "periods", sent("2021-01/2021-06", B))
    before = records.a_day_later()
    correction = sent("2021-01/2021-03", B)
    path = f"participants/{records.duplicate}/periods/{row_id}/corrections"
    assert (await records.office.post(path, correction)).status == 200
    corrected = records.a_day_later()
    await records.merge()
    merged = records.a_day_later()

    assert [await spans(records, then) for then in (before, corrected, merged)] == [
        (["01/2021"], 6),
        (["01/2021"], 3),
        (["01/2021"], 3),
    ]
    detail = await records.shown(f"participation/social/periods/{row_id}?as_of={merged}")
    told = [version["content"] and version["content"]["to_label"] for version in detail["versions"]]
    assert told == ["03/2021", None, "03/2021", "06/2021"]


async def test_withdrawn_visits_and_benefits_of_the_duplicate_are_shown_of_the_past_to_staff_alone(
    records: Records,
) -> None:
    (own,) = await records.feed(records.survivor, "visits", rows.visit_row(dossier_id="LK0009"))
    (visit,) = await records.feed(records.duplicate, "visits", rows.visit_row())
    (benefit,) = await records.feed(records.duplicate, "benefits", rows.benefit_row())
    before = records.a_day_later()
    await records.withdraw("visits", visit)
    await records.withdraw("benefits", benefit)
    await records.merge()
    records.a_day_later()

    assert [each["visit_id"] for each in (await records.shown(f"visits/2025?as_of={before}"))["visits"]] == [own]
    assert (await records.shown(f"benefits/monthly?as_of={before}"))["benefits"] == []
    book = await records.shown_to_staff(f"visits/2025?as_of={before}", scope="health")
    assert {each["visit_id"] for each in book["visits"]} == {own, visit}
    years = await records.shown_to_staff(f"visits?as_of={before}", scope="health")
    assert [year["visits"] for year in years["years"]] == [2]
    tab = await records.shown_to_staff(f"benefits/monthly?as_of={before}", scope="record")
    assert [each["benefit_id"] for each in tab["benefits"]] == [benefit]
    assert await records.feed(records.duplicate, "visits", rows.visit_row()) == ["row_withdrawn_since"]
    assert await records.feed(records.duplicate, "benefits", rows.benefit_row()) == ["row_withdrawn_since"]


async def test_what_both_records_held_is_shown_once_of_the_past(records: Records) -> None:
    for whose in (records.survivor, records.duplicate):
        await records.feed(whose, "visits", rows.visit_row())
        await records.feed(whose, "benefits", rows.benefit_row())
        await records.feed(whose, "benefits/payments", rows.payment_row())
    await records.feed(records.duplicate, "benefits/payments", rows.payment_row(paid_on="06/06/2022"))
    before = records.a_day_later()
    await records.merge()
    records.a_day_later()

    assert [year["visits"] for year in (await records.shown(f"visits?as_of={before}"))["years"]] == [1]
    (pension,) = (await records.shown(f"benefits/monthly?as_of={before}"))["benefits"]
    assert pension["paid_total"] == "9000000.00"


async def test_of_a_day_before_the_duplicate_was_known_nothing_of_it_is_shown(records: Records) -> None:
    before = records.a_day_later()
    await records.feed(records.duplicate, "cards", rows.card_row())
    held = records.a_day_later()
    await records.merge()
    records.a_day_later()

    assert (await records.shown(f"card?as_of={before}"))["card"] is None
    assert (await records.shown(f"card?as_of={held}"))["card"]["card_number"] == rows.CARD_NUMBER
