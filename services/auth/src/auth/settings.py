"""What auth is told by its environment. Limits are those of the security statements; none can be set weaker."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from ansinh_kit.settings import Keys
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from auth.domain.device_proofs import ProofRules
from auth.domain.one_time_codes import CodeRules
from auth.domain.passkeys import PasskeyRules
from auth.domain.recoveries import RecoveryRules
from auth.e_id_settings import EIdSettings
from auth.storage.session_lookup import Lifetimes

_BEHIND_THE_GATEWAY: Final = "/api/auth"


class AuthSettings(EIdSettings):
    model_config = SettingsConfigDict(env_prefix="AUTH_", frozen=True, extra="ignore", hide_input_in_errors=True)

    password_peppers: Keys = Field(description="keys of the HMAC over password hashes, id:base64url, newest first")
    code_keys: Keys = Field(description="keys of the HMAC over one-time codes, id:base64url, newest first")

    session_idle_minutes: int = Field(30, ge=1, le=60, description="a citizen's session ends after so long unused")
    session_whole_hours: int = Field(24, ge=1, le=24, description="a citizen's session ends after so long in any case")
    staff_session_idle_minutes: int = Field(15, ge=1, le=15, description="as above, for staff")
    staff_session_whole_hours: int = Field(12, ge=1, le=12, description="as above, for staff")

    integrator_token_minutes: int = Field(10, ge=1, le=60, description="life of a token of an integrator")

    code_life_minutes_from_hand_over: int = Field(5, ge=1, le=10, description="life of a code from its hand-over")
    code_life_minutes: int = Field(10, ge=1, le=10, description="longest life of a code from its making")
    code_tries: int = Field(5, ge=1, le=5, description="tries for one challenge")
    wrong_codes_in_a_row: int = Field(30, ge=1, le=100, description="wrong codes before an account takes no more")
    wrong_passwords_in_a_row: int = Field(100, ge=1, le=100, description="wrong ones before an account takes no more")

    password_shortest: int = Field(15, ge=15, le=64, description="fewest characters of a password")
    password_shortest_with_device: int = Field(12, ge=8, le=15, description="as above, beside a bound device's key")
    breached_passwords_file: Path | None = Field(None, description="known passwords, one a line, refused as common")

    human_check_difficulty_bits: int = Field(
        18, ge=1, le=28, description="work of beginning a recovery: 2 to this power hashes; 18 is a second on a phone"
    )
    human_check_minutes: int = Field(10, ge=1, le=60, description="how long a challenge can be solved")
    recovery_counter_wait_hours: int = Field(
        24, ge=12, le=168, description="time to object before an officer's approval counts without a code"
    )
    recovery_counter_window_hours: int = Field(72, ge=1, le=336, description="how long the approval counts after that")
    passkey_domain: str = Field(
        "localhost", pattern=r"^[a-z0-9.-]+$", description="WebAuthn's RP id: the domain passkeys belong to, for good"
    )
    codes_per_address: int = Field(
        25, ge=1, description="codes that may be asked for from one address in five minutes without a proof of work"
    )
    activation_milliseconds: int = Field(
        250, ge=0, le=2_000, description="when the start of an activation is answered, whoever asks"
    )
    device_reopening_days: int = Field(30, ge=1, le=30, description="so long after binding a device needs no code")

    hashing_threads: int | None = Field(None, ge=1, description="threads that hash passwords; as many as cores")
    hashing_wait_seconds: float = Field(1.0, gt=0, le=5, description="longest wait for such a thread, then 503")

    def lifetimes(self) -> Lifetimes:
        return Lifetimes(
            citizen_idle=timedelta(minutes=self.session_idle_minutes),
            citizen_whole=timedelta(hours=self.session_whole_hours),
            staff_idle=timedelta(minutes=self.staff_session_idle_minutes),
            staff_whole=timedelta(hours=self.staff_session_whole_hours),
            device_reopening=timedelta(days=self.device_reopening_days),
        )

    def recovery_rules(self) -> RecoveryRules:
        return RecoveryRules(
            counter_wait=timedelta(hours=self.recovery_counter_wait_hours),
            counter_window=timedelta(hours=self.recovery_counter_window_hours),
        )

    def passkey_rules(self) -> PasskeyRules:
        return PasskeyRules(domain=self.passkey_domain, origins=tuple(sorted(self.public_addresses)))

    def proof_rules(self) -> ProofRules:
        return ProofRules(bases=tuple(address + _BEHIND_THE_GATEWAY for address in sorted(self.public_addresses)))

    def code_rules(self) -> CodeRules:
        return CodeRules(
            life_from_hand_over=timedelta(minutes=self.code_life_minutes_from_hand_over),
            life_from_creation=timedelta(minutes=self.code_life_minutes),
            tries=self.code_tries,
            wrong_in_a_row=self.wrong_codes_in_a_row,
        )
