"""What every keyring must do; each adapter's test class inherits it and gives the fixture `keyring`."""

import asyncio

import pytest
from ansinh_kit.personal_data.keyring import DATA_KEY_BYTES, DataKeyMissingError, Keyring, SubjectErasedError

SUBJECT = "0f" * 16
OTHER = "1e" * 16


class KeyringContract:
    async def test_a_subjects_key_stays_the_same(self, keyring: Keyring) -> None:
        first = await keyring.data_key(SUBJECT)
        assert await keyring.data_key(SUBJECT) == first
        assert (first.version, len(first.material)) == (1, DATA_KEY_BYTES)

    async def test_two_subjects_have_different_keys(self, keyring: Keyring) -> None:
        assert (await keyring.data_key(SUBJECT)).material != (await keyring.data_key(OTHER)).material

    async def test_first_uses_at_once_agree_on_one_key(self, keyring: Keyring) -> None:
        keys = await asyncio.gather(*(keyring.data_key(SUBJECT) for _ in range(8)))
        assert len({key.material for key in keys}) == 1

    async def test_an_older_version_stays_readable_after_a_renewal(self, keyring: Keyring) -> None:
        first = await keyring.data_key(SUBJECT)
        renewed = await keyring.renew(SUBJECT)
        assert renewed.version == 2
        assert renewed.material != first.material
        assert await keyring.data_key(SUBJECT) == renewed
        assert await keyring.find_data_key(SUBJECT, 1) == first

    @pytest.mark.sec("PII-01")
    async def test_a_forgotten_subject_has_no_key(self, keyring: Keyring) -> None:
        await keyring.data_key(SUBJECT)
        await keyring.forget(SUBJECT)
        assert await keyring.find_data_key(SUBJECT, 1) is None

    async def test_a_forgotten_subject_never_gets_a_new_key(self, keyring: Keyring) -> None:
        await keyring.data_key(SUBJECT)
        await keyring.forget(SUBJECT)
        with pytest.raises(SubjectErasedError):
            await keyring.data_key(SUBJECT)
        with pytest.raises(SubjectErasedError):
            await keyring.renew(SUBJECT)

    async def test_a_subject_can_be_forgotten_before_it_had_a_key_and_twice(self, keyring: Keyring) -> None:
        await keyring.forget(SUBJECT)
        await keyring.forget(SUBJECT)
        with pytest.raises(SubjectErasedError):
            await keyring.data_key(SUBJECT)

    async def test_the_keyring_knows_who_was_forgotten(self, keyring: Keyring) -> None:
        await keyring.data_key(SUBJECT)
        assert not await keyring.is_forgotten(SUBJECT)
        await keyring.forget(SUBJECT)
        assert await keyring.is_forgotten(SUBJECT)
        assert not await keyring.is_forgotten(OTHER)

    async def test_the_keyring_tells_the_forgotten_among_many(self, keyring: Keyring) -> None:
        await keyring.data_key(OTHER)
        await keyring.forget(SUBJECT)
        assert await keyring.forgotten_among([SUBJECT, OTHER, "nobody"]) == {SUBJECT}
        assert await keyring.forgotten_among([]) == frozenset()

    async def test_forgetting_one_subject_leaves_the_others(self, keyring: Keyring) -> None:
        kept = await keyring.data_key(OTHER)
        await keyring.data_key(SUBJECT)
        await keyring.forget(SUBJECT)
        assert await keyring.find_data_key(OTHER, 1) == kept

    async def test_a_lost_key_is_an_error_and_not_an_erasure(self, keyring: Keyring) -> None:
        with pytest.raises(DataKeyMissingError):
            await keyring.find_data_key(SUBJECT, 1)
        await keyring.data_key(SUBJECT)
        with pytest.raises(DataKeyMissingError):
            await keyring.find_data_key(SUBJECT, 2)

    async def test_keys_of_many_are_the_ones_each_has_alone(self, keyring: Keyring) -> None:
        alone = await keyring.data_key(SUBJECT)
        keys = await keyring.data_keys([SUBJECT, OTHER])
        assert keys == {SUBJECT: alone, OTHER: await keyring.data_key(OTHER)}

    async def test_keys_asked_for_together_and_apart_at_once_agree(self, keyring: Keyring) -> None:
        people = [f"{number:032x}" for number in range(12)]
        together, backwards, *apart = await asyncio.gather(
            keyring.data_keys(people),
            keyring.data_keys(people[::-1]),
            *(keyring.data_keys([person]) for person in people),
        )
        assert together == backwards
        assert [together[person] for person in people] == [
            keys[person] for person, keys in zip(people, apart, strict=True)
        ]

    async def test_nobodys_keys_are_none(self, keyring: Keyring) -> None:
        assert await keyring.data_keys([]) == {}

    @pytest.mark.sec("PII-01")
    async def test_among_many_a_forgotten_subject_is_left_out_and_gets_no_key(self, keyring: Keyring) -> None:
        await keyring.data_key(SUBJECT)
        await keyring.forget(SUBJECT)
        assert list(await keyring.data_keys([SUBJECT, OTHER])) == [OTHER]
        with pytest.raises(SubjectErasedError):
            await keyring.data_key(SUBJECT)

    async def test_fetching_ahead_makes_no_key_and_changes_no_answer(self, keyring: Keyring) -> None:
        first = await keyring.data_key(SUBJECT)
        renewed = await keyring.renew(SUBJECT)
        await keyring.prefetch([SUBJECT, OTHER])
        assert await keyring.find_data_key(SUBJECT, 1) == first
        assert await keyring.data_keys([SUBJECT]) == {SUBJECT: renewed}
        with pytest.raises(DataKeyMissingError):
            await keyring.find_data_key(OTHER, 1)
