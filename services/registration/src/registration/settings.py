"""Settings of this service: `REGISTRATION_…` variables, or files named by `REGISTRATION_…_FILE`."""

from datetime import date, time

from ansinh_kit.settings import ServiceSettings
from ansinh_kit.working_days import PUBLIC_HOLIDAYS, WorkingDays
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_settings import SettingsConfigDict

from registration.domain.deadline import DeadlineRule, OfficeCalendar
from registration.storage.photo_cleaner import CleaningLimits


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
    holidays: frozenset[date] = Field(PUBLIC_HOLIDAYS, description="days on which the agencies do not work")
    offices_close_at: time = Field(time(17, 0), description="end of office hours, in Viet Nam")
    photo_processes: int = Field(2, ge=1, le=64, description="uploads that are looked at at the same time")
    photo_queue: int = Field(16, ge=0, le=256, description="uploads, of up to 8 MiB each, that wait for that; then 503")
    photo_cpu_seconds: int = Field(5, ge=1, le=30, description="CPU time one upload may take")
    photo_memory_bytes: int = Field(
        512 * 1024 * 1024, ge=256 * 1024 * 1024, description="memory one upload may take, the process included"
    )

    human_check_difficulty_bits: int = Field(
        18, ge=1, le=28, description="work of a public look-up: 2 to this power hashes; 18 is a second on a phone"
    )
    human_check_minutes: int = Field(10, ge=1, le=60, description="how long a challenge can be solved")
    look_up_milliseconds: int = Field(
        250, ge=0, le=2_000, description="when a look-up of a dossier is answered, found or not"
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
            working_days=WorkingDays(self.holidays, self.offices_close_at),
        )

    def cleaning_limits(self) -> CleaningLimits:
        return CleaningLimits(
            processes=self.photo_processes,
            queue=self.photo_queue,
            cpu_seconds=self.photo_cpu_seconds,
            memory_bytes=self.photo_memory_bytes,
        )
