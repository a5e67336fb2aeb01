"""The port to data keys: one list of key versions per person. Adapters: `InMemoryKeyring`, `MongoKeyring`."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Protocol

from ansinh_kit.errors import NotFoundError

DATA_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class DataKey:
    """One version of a person's key. Versions start at 1; new data takes the newest."""

    version: int
    material: bytes = field(repr=False)


class SubjectErasedError(NotFoundError):
    """The person was forgotten: nothing can be encrypted for them any more. At an edge it reads like absence."""

    code: ClassVar[str] = "subject_erased"

    def __init__(self, subject_id: str) -> None:
        super().__init__(f"subject {subject_id} was erased")
        self.subject_id = subject_id


class DataKeyMissingError(Exception):
    """There is data under a key the keyring never heard of: keys were lost, which is not the same as erased."""

    def __init__(self, subject_id: str, version: int) -> None:
        super().__init__(f"no data key {version} for subject {subject_id}")
        self.subject_id = subject_id
        self.version = version


class Keyring(Protocol):
    async def data_key(self, subject_id: str) -> DataKey:
        """Return the person's newest key, made on first use; all processes get the same one.

        Raises:
            SubjectErasedError: The person was forgotten; a forgotten person never gets a new key.
            UnavailableError: The keyring did not answer.
        """
        ...

    async def find_data_key(self, subject_id: str, version: int) -> DataKey | None:
        """Return that version of the person's key; `None` if the person was forgotten.

        Raises:
            DataKeyMissingError: The person was not forgotten, and there is no such key.
            UnavailableError: The keyring did not answer.
        """
        ...

    async def data_keys(self, subject_ids: Collection[str]) -> Mapping[str, DataKey]:
        """Return everyone's newest key, made on first use, in few questions; a forgotten person is left out.

        Raises:
            UnavailableError: The keyring did not answer; some of the keys may have been made.
        """
        ...

    async def prefetch(self, subject_ids: Collection[str]) -> None:
        """Have the keys of these people at hand for the calls that follow, in few questions. Makes no key.

        Raises:
            UnavailableError: The keyring did not answer.
        """
        ...

    async def renew(self, subject_id: str) -> DataKey:
        """Give the person a new key version for new data; older versions keep opening older data.

        Raises:
            SubjectErasedError: The person was forgotten.
            UnavailableError: The keyring did not answer.
        """
        ...

    async def forget(self, subject_id: str) -> None:
        """Destroy all keys of the person, for ever; doing it twice changes nothing.

        Here the keys are gone when this returns; other processes may hold them for the cache's lifetime (LIM-28).
        """
        ...

    async def is_forgotten(self, subject_id: str) -> bool:
        """Say whether the person was forgotten, by what stands in the keyring now and not in a cache.

        Raises:
            UnavailableError: The keyring did not answer.
        """
        ...

    async def forgotten_among(self, subject_ids: Collection[str]) -> frozenset[str]:
        """Return who of these was forgotten, as `is_forgotten` knows it, in few questions.

        Raises:
            UnavailableError: The keyring did not answer.
        """
        ...


class InMemoryKeyring:
    """Keys in this process only: for tests. It passes the same contract suite as the real one."""

    def __init__(self) -> None:
        self._keys: dict[str, list[DataKey]] = {}
        self._erased: set[str] = set()

    async def data_key(self, subject_id: str) -> DataKey:
        if subject_id not in self._keys:
            return await self.renew(subject_id)
        return self._keys[subject_id][-1]

    async def find_data_key(self, subject_id: str, version: int) -> DataKey | None:
        if subject_id in self._erased:
            return None
        keys = self._keys.get(subject_id, [])
        if not 1 <= version <= len(keys):
            raise DataKeyMissingError(subject_id, version)
        return keys[version - 1]

    async def data_keys(self, subject_ids: Collection[str]) -> Mapping[str, DataKey]:
        return {subject: await self.data_key(subject) for subject in subject_ids if subject not in self._erased}

    async def prefetch(self, subject_ids: Collection[str]) -> None:
        """Do nothing: every key is at hand."""

    async def renew(self, subject_id: str) -> DataKey:
        if subject_id in self._erased:
            raise SubjectErasedError(subject_id)
        keys = self._keys.setdefault(subject_id, [])
        keys.append(DataKey(len(keys) + 1, os.urandom(DATA_KEY_BYTES)))
        return keys[-1]

    async def forget(self, subject_id: str) -> None:
        self._keys.pop(subject_id, None)
        self._erased.add(subject_id)

    async def is_forgotten(self, subject_id: str) -> bool:
        return subject_id in self._erased

    async def forgotten_among(self, subject_ids: Collection[str]) -> frozenset[str]:
        return frozenset(self._erased.intersection(subject_ids))
