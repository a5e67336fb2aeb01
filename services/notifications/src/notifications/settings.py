"""What this service is told by its environment, prefix `NOTIFICATIONS_`."""

from datetime import timedelta
from typing import Final, Self

from ansinh_kit.settings import ServiceSettings
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from notifications.api.twilio_call_backs import PATH
from notifications.storage.sms_budget import Allowance, Allowances

_MADE_UP_PHONE: Final = "1900 0000"
_MADE_UP_PORTAL: Final = "http://127.0.0.1:27400"


class NotificationsSettings(ServiceSettings):
    """Carriers are sandboxes unless `real_carriers_allowed` says otherwise; then nothing made up may be left."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    real_carriers_allowed: bool = Field(False, description="whether messages may leave for real people")
    sandbox_hosts: frozenset[str] = Field(
        frozenset(), description="hosts, beside loopback, that are sandboxes and may be spoken to in the clear"
    )

    twilio_base_url: str = Field(pattern=r"^https?://[^/?#]+$", description="Twilio's API or a sandbox of it")
    twilio_account_sid: str = Field(min_length=1, description="the account SMS are sent from")
    twilio_auth_token: SecretStr = Field(description="the account's secret; call-backs are signed with it, too")
    twilio_sender: str = Field("AnSinhSo", min_length=1, description="the sender people see, a name or a number")
    twilio_timeout_seconds: float = Field(10.0, gt=0, le=20, description="longest time for one call of the API")
    call_back_url: str | None = Field(
        None, pattern=r"^https?://[^?#]+$", description="public address of the call-backs; this process if not set"
    )

    smtp_host: str = Field(min_length=1, description="mail server or a sandbox")
    smtp_port: int = Field(ge=1, le=65_535, description="its port")
    smtp_user_name: str | None = Field(None, description="log-in at the mail server, if it asks for one")
    smtp_password: SecretStr | None = Field(None, description="password at the mail server")
    smtp_sender: str = Field("tin@ansinh.example.vn", description="address mails come from")
    smtp_timeout_seconds: float = Field(20.0, gt=0, le=20, description="longest time for each half of a hand-over")

    portal_url: str = Field(
        _MADE_UP_PORTAL, pattern=r"^https?://[^?#]+[^?#/]$", description="address of the web front, for mails"
    )
    support_phone: str = Field(_MADE_UP_PHONE, max_length=16, description="hot-line named in messages")
    code_life_minutes: int = Field(5, ge=1, le=10, description="life of a code from its hand-over, as people are told")

    sms_per_prefix_and_10_minutes: int = Field(30, ge=1, description="SMS to one range of 10,000 numbers (LIM-10)")
    sms_per_prefix_and_day: int = Field(300, ge=1, description="as above, per day")
    sms_per_minute: int = Field(600, ge=1, description="SMS in all")
    sms_per_day: int = Field(100_000, ge=1, description="as above, per day")
    sms_price_vnd: int = Field(400, ge=1, description="what one SMS costs, in đồng")
    sms_vnd_per_day: int = Field(40_000_000, ge=1, description="what the SMS of one day may cost, in đồng (LIM-10)")

    sending_capacity: int = Field(16, ge=1, le=200, description="messages one process hands over side by side")
    lease_slack_seconds: float = Field(15.0, gt=0, description="what a claim lasts beyond the longest send")
    look_up_after_seconds: float = Field(120.0, gt=0, description="how long a carrier may need to list what it took")
    worth_telling_for_hours: float = Field(72.0, gt=0, description="after so long an unsent notice is given up")

    @property
    def call_back_address(self) -> str:
        return self.call_back_url or f"http://{self.host}:{self.port}{PATH}"

    @property
    def longest_send(self) -> timedelta:
        """The longest time from the beginning of a hand-over to its outcome; a mail is handed over in two halves."""
        return timedelta(seconds=max(self.twilio_timeout_seconds, 2 * self.smtp_timeout_seconds) + 1)

    @property
    def worth_telling_for(self) -> timedelta:
        return timedelta(hours=self.worth_telling_for_hours)

    @property
    def allowances(self) -> Allowances:
        return Allowances(
            prefix=(
                Allowance(self.sms_per_prefix_and_10_minutes, timedelta(minutes=10)),
                Allowance(self.sms_per_prefix_and_day, timedelta(days=1)),
            ),
            whole=(
                Allowance(self.sms_per_minute, timedelta(minutes=1)),
                Allowance(self.sms_per_day, timedelta(days=1)),
            ),
            money=(Allowance(self.sms_vnd_per_day // self.sms_price_vnd, timedelta(days=1)),),
        )

    @model_validator(mode="after")
    def nothing_made_up_reaches_people(self) -> Self:
        made_up = self.support_phone == _MADE_UP_PHONE or self.portal_url == _MADE_UP_PORTAL or not self.call_back_url
        if self.real_carriers_allowed and made_up:
            raise ValueError("real carriers need support_phone, portal_url and call_back_url of their own")
        if self.real_carriers_allowed and not self.twilio_base_url.startswith("https://"):
            raise ValueError("real carriers are spoken to over https only")
        return self
