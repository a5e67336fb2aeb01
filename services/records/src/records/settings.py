"""Settings of this service: `RECORDS_…` variables, or files named by `RECORDS_…_FILE`."""

from datetime import date, time, timedelta

from ansinh_kit.settings import Keys, ServiceSettings
from ansinh_kit.working_days import PUBLIC_HOLIDAYS, WorkingDays
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from records.domain.notices.schedule import NoticeSchedule
from records.handlers.disputes import AnswerDays


class RecordsSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="RECORDS_")

    opening_minutes: int = Field(15, ge=1, le=60, description="how long staff read under one written reason")
    dispute_working_days: int = Field(10, ge=1, le=60, description="within which a dispute is to be answered (V-27)")
    holidays: frozenset[date] = Field(PUBLIC_HOLIDAYS, description="days on which the agencies do not work")
    offices_close_at: time = Field(time(17, 0), description="end of office hours, in Viet Nam")
    notice_day: int = Field(10, ge=1, le=28, description="day of the month on which unpaid months are told (V-26)")
    notice_days_late: int = Field(
        30, ge=1, le=365, description="so many days after the end of a month its contributions are late"
    )
    human_check_difficulty_bits: int = Field(
        18, ge=1, le=28, description="work of a public look-up: 2 to this power hashes; 18 is a second on a phone"
    )
    human_check_minutes: int = Field(10, ge=1, le=60, description="how long a challenge can be solved")
    look_up_milliseconds: int = Field(
        250, ge=0, le=2_000, description="when a look-up of a person is answered, found or not"
    )
    card_code_keys: Keys = Field(
        description="Ed25519 private keys that sign the codes of health cards, id:base64url, newest first"
    )
    card_code_seconds: int = Field(300, ge=60, le=900, description="how long the code of a health card is good")

    export_check_address: str = Field(
        pattern=r"^https?://[^?#]+/$",
        max_length=200,
        description="where the code of an export is checked; the code is put behind it, on paper and in its QR code",
    )

    def opening_lasts(self) -> timedelta:
        return timedelta(minutes=self.opening_minutes)

    def notice_schedule(self) -> NoticeSchedule:
        return NoticeSchedule(day=self.notice_day, days_late=self.notice_days_late)

    def answer_days(self) -> AnswerDays:
        return AnswerDays(WorkingDays(self.holidays, self.offices_close_at), self.dispute_working_days)
