import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.settings import SettingsError, load_settings
from notifications.__main__ import main
from notifications.app import build_smtp, build_twilio_client
from notifications.providers.destinations import RealCarrierRefusedError
from notifications.settings import NotificationsSettings

_KEYS = KeyList((NamedKey("test", bytes(32)),)).to_text()
_SANDBOX = {
    "PORT": "27403",
    "MONGODB_URL": "mongodb://127.0.0.1:1/",
    "AMQP_URL": "amqp://127.0.0.1:1/",
    "DATABASE": "test",
    "KEYRING_DATABASE": "test_keyring",
    "ASSERTION_KEYS": _KEYS,
    "WRAPPING_KEYS": _KEYS,
    "BLIND_INDEX_KEYS": _KEYS,
    "SEALING_PRIVATE_KEY": _KEYS,
    "SEALING_PUBLIC_KEYS": "{}",
    "TWILIO_BASE_URL": "http://127.0.0.1:27410",
    "TWILIO_ACCOUNT_SID": "AC0",
    "TWILIO_AUTH_TOKEN": "made-up",
    "SMTP_HOST": "127.0.0.1",
    "SMTP_PORT": "27411",
}
_REAL = {
    "REAL_CARRIERS_ALLOWED": "true",
    "TWILIO_BASE_URL": "https://api.twilio.com",
    "SMTP_HOST": "mail.example.vn",
    "SUPPORT_PHONE": "1900 1234",
    "PORTAL_URL": "https://ansinh.example.vn",
    "CALL_BACK_URL": "https://ansinh.example.vn/status",
}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> "Environment":
    return Environment(monkeypatch)


class Environment:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def settings(self, **changes: str) -> NotificationsSettings:
        for name, value in {**_SANDBOX, **changes}.items():
            self._monkeypatch.setenv(f"NOTIFICATIONS_{name}", value)
        return load_settings(NotificationsSettings)


def test_with_a_sandbox_little_has_to_be_said(told: Environment) -> None:
    assert told.settings().call_back_address == "http://127.0.0.1:27403/v1/callbacks/twilio/status"


@pytest.mark.parametrize("missing", ["SUPPORT_PHONE", "PORTAL_URL", "CALL_BACK_URL"])
def test_nothing_made_up_reaches_real_people(told: Environment, missing: str) -> None:
    told.settings(**_REAL)
    with pytest.raises(SettingsError):
        told.settings(
            **{
                **_REAL,
                missing: {"SUPPORT_PHONE": "1900 0000", "PORTAL_URL": "http://127.0.0.1:27400"}.get(missing, ""),
            }
        )


@pytest.mark.sec("SEC-09")
async def test_a_real_carrier_is_refused_unless_it_is_allowed(told: Environment) -> None:
    with pytest.raises(RealCarrierRefusedError):
        build_twilio_client(told.settings(TWILIO_BASE_URL="https://api.twilio.com"))
    with pytest.raises(RealCarrierRefusedError):
        build_smtp(told.settings(SMTP_HOST="mail.example.vn"))


@pytest.mark.sec("F-32")
def test_only_a_sandbox_is_spoken_to_in_the_clear(told: Environment) -> None:
    assert build_smtp(told.settings(SMTP_HOST="sandbox", SANDBOX_HOSTS='["sandbox"]'))._server.start_tls is False
    assert build_smtp(told.settings(**_REAL))._server.start_tls is True


def test_the_longest_send_covers_both_halves_of_a_mail(told: Environment) -> None:
    settings = told.settings(TWILIO_TIMEOUT_SECONDS="3", SMTP_TIMEOUT_SECONDS="7")
    assert settings.longest_send.total_seconds() == 15


def test_missing_settings_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _SANDBOX:
        monkeypatch.delenv(f"NOTIFICATIONS_{name}", raising=False)
    monkeypatch.setattr("sys.argv", ["notifications", "serve"])
    with pytest.raises(SystemExit, match="NOTIFICATIONS_TWILIO_AUTH_TOKEN is missing"):
        main()
