"""What a route asks of a read model: `View` over MongoDB, a fold over the log in tests."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ansinh_kit.database import Document


class ReadModel(Protocol):
    async def get(self, key: str) -> Document | None:
        """Return the document under `key`, personal fields decrypted; `None` if there is none."""
        ...

    async def find(
        self, query: Mapping[str, Any], *, sort: Sequence[tuple[str, int]], limit: int, skip: int = 0
    ) -> list[Document]:
        """Return matching documents, at most `limit`. Personal fields cannot be queried."""
        ...

    async def count(self, query: Mapping[str, Any]) -> int: ...

    async def wait_for(self, position: int, *, timeout_seconds: float) -> None:
        """Return once everything up to `position` of the log is in it.

        Raises:
            UnavailableError: It did not get there in time.
        """
        ...
