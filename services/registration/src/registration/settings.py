"""Settings of this service: `REGISTRATION_…` variables, or files named by `REGISTRATION_…_FILE`."""

from datetime import date, time
from typing import Final

from ansinh_kit.settings import ServiceSettings
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_settings import SettingsConfigDict

from registration.domain.deadline import DeadlineRule, OfficeCalendar
from registration.storage.photo_cleaner import CleaningLimits

# Public holidays on weekdays as decreed so far; the list of the next year is added when it is announced.
_HOLIDAYS: Final = (
    *(date(2026, 1, 1), *(date(2026, 2, day) for day in range(16, 21))),
    *(date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1), date(2026, 9, 1), date(2026, 9, 2)),
    *(date(2027, 1, 1), *(date(2027, 2, day) for day in range(4, 11)), date(2027, 4, 16)),
    *(date(2027, 4, 30), date(2027, 5, 3), date(2027, 9, 2), date(2027, 9, 3)),
)


class DatedDeadline(BaseModel):
    """From `valid_from` on, an answer is due within `working_days`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    working_days: int = Field(ge=1, le=60)


class RegistrationSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="REGISTRATION_")

    deadlines: tuple[DatedDeadline, ...] = Field(
        (DatedDeadline(valid_from=date(2017, 3, 1), working_days=3),),
        min_length=1,
        description="dated rules for the answer's deadline (V-19)",
    )
    holidays: frozenset[date] = Field(frozenset(_HOLIDAYS), description="days on which the agencies do not work")
    offices_close_at: time = Field(time(17, 0), description="end of office hours, in Viet Nam")
    photo_processes: int = Field(2, ge=1, le=64, description="uploads that are looked at at the same time")
    photo_queue: int = Field(16, ge=0, le=256, description="uploads, of up to 8 MiB each, that wait for that; then 503")
    photo_cpu_seconds: int = Field(5, ge=1, le=30, description="CPU time one upload may take")
    photo_memory_bytes: int = Field(
        512 * 1024 * 1024, ge=256 * 1024 * 1024, description="memory one upload may take, the process included"
    )

    @field_validator("deadlines")
    @classmethod
    def _covers_the_past(cls, deadlines: tuple[DatedDeadline, ...]) -> tuple[DatedDeadline, ...]:
        if min(deadline.valid_from for deadline in deadlines) > date(2020, 1, 1):
            raise ValueError("one rule must be valid since 2020 or before: every day needs one")
        return deadlines

    def calendar(self) -> OfficeCalendar:
        return OfficeCalendar(
            rules=[DeadlineRule(deadline.valid_from, deadline.working_days) for deadline in self.deadlines],
            holidays=self.holidays,
            closes_at=self.offices_close_at,
        )

    def cleaning_limits(self) -> CleaningLimits:
        return CleaningLimits(
            processes=self.photo_processes,
            queue=self.photo_queue,
            cpu_seconds=self.photo_cpu_seconds,
            memory_bytes=self.photo_memory_bytes,
        )
