import pytest
from ansinh_kit.key_list import KeyList, KeyListError, NamedKey
from hypothesis import given
from hypothesis import strategies as st

KEYS = KeyList((NamedKey("2026", b"n" * 32), NamedKey("2025", b"o" * 32)))


@given(materials=st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=4))
def test_a_list_of_keys_survives_its_text_form(materials: list[bytes]) -> None:
    keys = KeyList(tuple(NamedKey(f"k{index}", material) for index, material in enumerate(materials)))
    assert KeyList.parse(keys.to_text()) == keys


def test_line_ends_and_padding_of_a_secret_file_do_not_matter() -> None:
    padded = KEYS.to_text().replace(",", "=,\n") + "=\n"
    assert KeyList.parse(padded) == KEYS


def test_the_first_key_is_the_newest() -> None:
    assert KEYS.newest.id == "2026"
    assert KEYS.find("2025") == NamedKey("2025", b"o" * 32)
    assert KEYS.find("2024") is None


@pytest.mark.parametrize(
    "text", ["", " ", "noseparator", "id:", "id:AAAA", "id:" + "!" * 43, "two words!:" + "A" * 43, "a:ÄÄ"]
)
def test_what_is_no_list_of_keys_is_refused(text: str) -> None:
    with pytest.raises(KeyListError):
        KeyList.parse(text)


def test_a_refusal_does_not_quote_the_key() -> None:
    for material in ("c2VjcmV0", "not base64url, but secret"):
        with pytest.raises(KeyListError) as refusal:
            KeyList.parse(f"id:{material}")
        assert "c2Vj" not in str(refusal.value)
        assert "notbase64url" not in str(refusal.value)


def test_two_keys_under_one_id_are_refused() -> None:
    with pytest.raises(KeyListError):
        KeyList((NamedKey("a", b"1" * 32), NamedKey("a", b"2" * 32)))


def test_key_material_is_not_in_the_representation() -> None:
    assert "nnnn" not in repr(KEYS)


@pytest.mark.sec("F-40")
def test_a_key_is_accepted_before_it_makes_and_accepted_after_it_made() -> None:
    old, new = NamedKey("old", b"o" * 32), NamedKey("new", b"n" * 32)
    accepted = KeyList((old,)).accepting(new)
    assert (accepted.newest, accepted.find("new")) == (old, new)
    used = accepted.promoting("new")
    assert (used.newest, used.find("old")) == (new, old)
    assert used.newest_only() == KeyList((new,))
    with pytest.raises(KeyListError):
        accepted.promoting("another")
