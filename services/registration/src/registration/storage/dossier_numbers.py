"""The next dossier number of an agency and year: one counter document each."""

from collections import defaultdict
from datetime import datetime
from typing import Final, Protocol

from ansinh_kit.mongo import Database, translated

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
        with translated():
            counter = await self._counters.find_one_and_update(
                {"_id": f"{dossier_agency(agency_code)}/{year}"},
                {"$inc": {"last": 1}},
                upsert=True,
                return_document=True,
            )
        return dossier_number(int((counter or {})["last"]), year=year, agency_code=agency_code)


class InMemoryDossierNumbers:
    """Counters in this process only: for tests. It passes the same contract suite as the real one."""

    def __init__(self) -> None:
        self._last: dict[str, int] = defaultdict(int)

    async def next(self, agency_code: str, *, at: datetime) -> str:
        year = dossier_year(at)
        counter = f"{dossier_agency(agency_code)}/{year}"
        self._last[counter] += 1
        return dossier_number(self._last[counter], year=year, agency_code=agency_code)
