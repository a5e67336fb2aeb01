"""A participant who was recorded twice: after the merge one list, and whatever comes for the duplicate finds it."""

import pytest

from tests.records.working_life import A, B, WorkingLife, sent


@pytest.fixture
async def life() -> WorkingLife:
    return await WorkingLife.begun()


async def merged_with_duplicate(life: WorkingLife) -> str:
    """Give a second record rows, merge it into the first, and return its id."""
    office = life.office
    duplicate_id = await office.registered(number="6600000026", citizen_number=None)
    rows = [sent("2020-01/2020-12", A), sent("2021-01/2021-06", B), sent("2021-01/2021-06", B, kind="health")]
    await office.post(f"participants/{duplicate_id}/periods", {"rows": rows})
    merged = await office.post(f"participants/{life.participant_id}/merge", {"duplicate_id": duplicate_id})
    assert merged.status == 200, merged.body
    return duplicate_id


async def test_the_survivor_shows_both_histories_and_identical_rows_once(life: WorkingLife) -> None:
    await life.fed(sent("2020-01/2020-12", A), sent("2019-01/2019-12", A))

    await merged_with_duplicate(life)

    page = await life.shown("participation/social")
    assert [row["from_label"] for row in page["rows"]] == ["01/2021", "01/2020", "01/2019"]
    assert page["summary"]["total"]["months"] == 30
    assert (await life.shown("participation/health"))["summary"]["total"]["months"] == 6


async def test_a_row_for_the_duplicate_reaches_the_survivor(life: WorkingLife) -> None:
    duplicate_id = await merged_with_duplicate(life)

    answer = await life.office.post(
        f"participants/{duplicate_id}/periods", {"rows": [sent("2021-01/2021-06", B), sent("2022-01/2022-01", B)]}
    )

    assert answer.json()["participant_id"] == life.participant_id
    assert [row["outcome"] for row in answer.json()["rows"]] == ["unchanged", "recorded"]
    assert (await life.shown("participation/social"))["summary"]["total"]["months"] == 19


async def test_a_merge_done_again_changes_nothing(life: WorkingLife) -> None:
    await merged_with_duplicate(life)
    before = await life.office.service.event_types()
    merges = [one for one in await life.office.service.events() if one.event.event_type == "merge_begun"]
    assert len(merges) == 1

    assert before.count("contributions_moved") == before.count("contributions_taken_over") == 1
