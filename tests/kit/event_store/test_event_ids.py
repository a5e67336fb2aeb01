import uuid

from ansinh_kit.events import event_id_of
from hypothesis import given
from hypothesis import strategies as st

NAMESPACE = uuid.UUID("5a0e7c52-61f5-4bd0-9d0b-2b6a4f1a7c11")


@given(commit_id=st.text(), index=st.integers(0, 10_000))
def test_event_ids_are_uuids_of_the_commit_and_the_place_in_it_for_ever(commit_id: str, index: int) -> None:
    assert event_id_of(commit_id, index) == str(uuid.uuid5(NAMESPACE, f"{commit_id}/{index}"))
