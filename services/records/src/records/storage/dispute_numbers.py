"""The next dispute number of an agency and year."""

from datetime import datetime

from ansinh_kit.counters import Counters

from records.domain.dispute.number import dispute_number, series_of


class DisputeNumbers:
    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    async def next(self, agency_code: str, at: datetime) -> str:
        """Return a number never given before. A number not used leaves a gap.

        Raises:
            UnavailableError: The counter did not answer.
        """
        series = series_of(agency_code, at)
        return dispute_number(await self._counters.next(f"disputes/{series}"), series)
