"""The next dossier number of an agency and year."""

from datetime import datetime
from typing import Final

from ansinh_kit.counters import Counters

from registration.domain.dossier_number import dossier_agency, dossier_number, dossier_year

COLLECTION: Final = "dossier_counters"


class DossierNumbers:
    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    async def next(self, agency_code: str, *, at: datetime) -> str:
        """Return a number never given before. A number not used leaves a gap, which is allowed.

        Raises:
            DossierNumbersExhaustedError: All five-digit numbers of the year are gone.
            UnavailableError: The counter did not answer.
        """
        year = dossier_year(at)
        sequence = await self._counters.next(f"{dossier_agency(agency_code)}/{year}")
        return dossier_number(sequence, year=year, agency_code=agency_code)
