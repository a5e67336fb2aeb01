import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import pytest
from ansinh_kit.personal_data.cipher import PersonalDataCipher, TamperedDataError
from ansinh_kit.personal_data.keyring import DataKey, DataKeyMissingError, InMemoryKeyring, SubjectErasedError
from hypothesis import assume, given
from hypothesis import strategies as st

SUBJECT = "0f" * 16
CONTEXT = "declaration-1|event-1|declaration_submitted|1"

Result = TypeVar("Result")


def with_cipher(scenario: Callable[[PersonalDataCipher, InMemoryKeyring], Awaitable[Result]]) -> Result:
    keyring = InMemoryKeyring()

    async def run() -> Result:
        return await scenario(PersonalDataCipher(keyring), keyring)

    return asyncio.run(run())


@given(plaintext=st.binary(max_size=2_000), context=st.text(max_size=80))
def test_what_was_encrypted_comes_back(plaintext: bytes, context: str) -> None:
    async def scenario(cipher: PersonalDataCipher, _: InMemoryKeyring) -> bytes | None:
        blob = await cipher.encrypt(SUBJECT, plaintext, context=context)
        return await cipher.decrypt(SUBJECT, blob, context=context)

    assert with_cipher(scenario) == plaintext


@given(written=st.text(max_size=40), read=st.text(max_size=40))
@pytest.mark.sec("PII-03")
def test_a_blob_does_not_open_in_another_context(written: str, read: str) -> None:
    assume(written != read)

    async def scenario(cipher: PersonalDataCipher, _: InMemoryKeyring) -> None:
        blob = await cipher.encrypt(SUBJECT, b"0912345678", context=written)
        with pytest.raises(TamperedDataError):
            await cipher.decrypt(SUBJECT, blob, context=read)

    with_cipher(scenario)


async def test_a_blob_does_not_open_for_another_person() -> None:
    cipher = PersonalDataCipher(InMemoryKeyring())
    blob = await cipher.encrypt(SUBJECT, b"value", context=CONTEXT)
    await cipher.encrypt("another", b"value", context=CONTEXT)
    with pytest.raises(TamperedDataError):
        await cipher.decrypt("another", blob, context=CONTEXT)


async def test_a_blob_names_its_person_even_if_two_people_had_one_key() -> None:
    class SharedKeyring(InMemoryKeyring):
        async def data_key(self, subject_id: str) -> DataKey:
            del subject_id
            return DataKey(1, b"k" * 32)

        async def find_data_key(self, subject_id: str, version: int) -> DataKey:
            del version
            return await self.data_key(subject_id)

    cipher = PersonalDataCipher(SharedKeyring())
    blob = await cipher.encrypt(SUBJECT, b"value", context=CONTEXT)
    with pytest.raises(TamperedDataError):
        await cipher.decrypt("another", blob, context=CONTEXT)


async def test_a_blob_does_not_open_under_another_key_version() -> None:
    keyring = InMemoryKeyring()
    cipher = PersonalDataCipher(keyring)
    blob = await cipher.encrypt(SUBJECT, b"value", context=CONTEXT)
    await keyring.renew(SUBJECT)
    with pytest.raises(TamperedDataError):
        await cipher.decrypt(SUBJECT, {**blob, "key": 2}, context=CONTEXT)


async def test_a_change_of_any_byte_is_noticed() -> None:
    cipher = PersonalDataCipher(InMemoryKeyring())
    blob = await cipher.encrypt(SUBJECT, b"Hue", context=CONTEXT)
    for changed in _every_changed_byte(blob):
        with pytest.raises(TamperedDataError):
            await cipher.decrypt(SUBJECT, changed, context=CONTEXT)


def _every_changed_byte(blob: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**blob, name: bytes(byte ^ (position == index) for index, byte in enumerate(blob[name]))}
        for name in ("nonce", "ciphertext")
        for position in range(len(blob[name]))
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "A128GCM"},
        {"key": "1"},
        {"nonce": b"short"},
        {"nonce": b""},
        {"ciphertext": "text"},
        {"ciphertext": b""},
    ],
)
async def test_what_is_no_blob_is_refused(change: dict[str, Any]) -> None:
    cipher = PersonalDataCipher(InMemoryKeyring())
    blob = await cipher.encrypt(SUBJECT, b"value", context=CONTEXT)
    with pytest.raises(TamperedDataError):
        await cipher.decrypt(SUBJECT, {**blob, **change}, context=CONTEXT)


@pytest.mark.sec("PII-06")
async def test_an_erased_persons_value_reads_as_none() -> None:
    keyring = InMemoryKeyring()
    cipher = PersonalDataCipher(keyring)
    blob = await cipher.encrypt(SUBJECT, b"value", context=CONTEXT)
    await keyring.forget(SUBJECT)
    assert await cipher.decrypt(SUBJECT, blob, context=CONTEXT) is None


async def test_nothing_is_encrypted_for_an_erased_person() -> None:
    keyring = InMemoryKeyring()
    await keyring.forget(SUBJECT)
    with pytest.raises(SubjectErasedError):
        await PersonalDataCipher(keyring).encrypt(SUBJECT, b"value", context=CONTEXT)


async def test_a_lost_key_is_not_shown_as_an_erasure() -> None:
    blob = await PersonalDataCipher(InMemoryKeyring()).encrypt(SUBJECT, b"value", context=CONTEXT)
    with pytest.raises(DataKeyMissingError):
        await PersonalDataCipher(InMemoryKeyring()).decrypt(SUBJECT, blob, context=CONTEXT)


async def test_values_written_before_a_renewal_stay_readable() -> None:
    keyring = InMemoryKeyring()
    cipher = PersonalDataCipher(keyring)
    before = await cipher.encrypt(SUBJECT, b"before", context=CONTEXT)
    await keyring.renew(SUBJECT)
    after = await cipher.encrypt(SUBJECT, b"after", context=CONTEXT)
    assert (before["key"], after["key"]) == (1, 2)
    assert await cipher.decrypt(SUBJECT, before, context=CONTEXT) == b"before"
    assert await cipher.decrypt(SUBJECT, after, context=CONTEXT) == b"after"


@pytest.mark.sec("SEC-64")
async def test_values_under_several_keys_are_read_together_in_their_order() -> None:
    keyring = InMemoryKeyring()
    cipher = PersonalDataCipher(keyring)
    blobs = []
    for number in range(4):
        blobs.append(
            (await cipher.encrypt(SUBJECT, b"%d" % number, context=f"{CONTEXT}|{number}"), f"{CONTEXT}|{number}")
        )
        if number % 2:
            await keyring.renew(SUBJECT)

    assert await cipher.decrypt_all(SUBJECT, [*blobs[::-1], blobs[3]]) == [b"3", b"2", b"1", b"0", b"3"]


async def test_equal_values_never_look_equal() -> None:
    cipher = PersonalDataCipher(InMemoryKeyring())
    blobs = [await cipher.encrypt(SUBJECT, b"value", context=CONTEXT) for _ in range(500)]
    assert len({blob["nonce"] for blob in blobs}) == len(blobs)
    assert len({blob["ciphertext"] for blob in blobs}) == len(blobs)
