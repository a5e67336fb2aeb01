"""The next dossier number of an agency and year: one counter document each."""

from collections import defaultdict
from datetime import datetime
from typing import Final, Protocol

from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import Database, DuplicateKeyError, translated

from registration.domain.dossier_number import dossier_agency, dossier_number, dossier_year

_COLLECTION: Final = "dossier_counters"


class DossierNumbers(Protocol):
    async def next(self, agency_code: str, *, at: datetime) -> str:
        """Return a number never given before. A number not used leaves a gap, which is allowed.

        Raises:
            DossierNumbersExhaustedError: All five-digit numbers of the year are gone.
            UnavailableError: The counter did not answer.
        """
        ...


class MongoDossierNumbers:
    def __init__(self, database: Database) -> None:
        self._counters = database[_COLLECTION]

    async def next(self, agency_code: str, *, at: datetime) -> str:
        year = dossier_year(at)
        counter_id = f"{dossier_agency(agency_code)}/{year}"
        last = await self._incremented(counter_id)
        if last is None:
            await self._create(counter_id)
            last = await self._incremented(counter_id)
        if last is None:
            raise UnavailableError("mongodb")
        return dossier_number(last, year=year, agency_code=agency_code)

    async def _incremented(self, counter_id: str) -> int | None:
        # Not an upsert: of several at once, some servers answer all but one as if there were no document.
        with translated():
            counter = await self._counters.find_one_and_update(
                {"_id": counter_id}, {"$inc": {"last": 1}}, return_document=True
            )
        return None if counter is None else int(counter["last"])

    async def _create(self, counter_id: str) -> None:
        try:
            with translated():
                await self._counters.insert_one({"_id": counter_id, "last": 0})
        except DuplicateKeyError:
            return  # another request of the year's first moment made it


class InMemoryDossierNumbers:
    """Counters in this process only: for tests. It passes the same contract suite as the real one."""

    def __init__(self) -> None:
        self._last: dict[str, int] = defaultdict(int)

    async def next(self, agency_code: str, *, at: datetime) -> str:
        year = dossier_year(at)
        counter = f"{dossier_agency(agency_code)}/{year}"
        self._last[counter] += 1
        return dossier_number(self._last[counter], year=year, agency_code=agency_code)
