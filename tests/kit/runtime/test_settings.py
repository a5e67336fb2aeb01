import json
from pathlib import Path

import pytest
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.settings import ServiceSettings, SettingsError, load_settings
from pydantic_settings import SettingsConfigDict

KEYS = KeyList((NamedKey("2026", b"n" * 32), NamedKey("2025", b"o" * 32)))


class ExampleSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="EXAMPLE_")

    database: str = "example"


COMPLETE = {
    "PORT": "27401",
    "MONGODB_URL": "mongodb://user:pa55word@127.0.0.1/",
    "AMQP_URL": "amqp://user:pa55word@127.0.0.1/",
    "KEYRING_DATABASE": "example_keyring",
    "ASSERTION_KEYS": KEYS.to_text(),
    "WRAPPING_KEYS": KEYS.to_text(),
    "BLIND_INDEX_KEYS": KEYS.to_text(),
    "SEALING_PRIVATE_KEY": KEYS.to_text(),
    "SEALING_PUBLIC_KEYS": json.dumps({"auth": KEYS.to_text()}),
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(f"EXAMPLE_{name}", value)


def test_variables_with_the_services_prefix_set_the_fields() -> None:
    settings = load_settings(ExampleSettings)
    assert (settings.port, settings.database, settings.host) == (27401, "example", "127.0.0.1")
    assert settings.wrapping_keys == KEYS
    assert settings.sealing_public_keys == {"auth": KEYS}


def test_a_secret_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(KEYS.to_text() + "\n", "utf-8")
    (tmp_path / "public.json").write_text(COMPLETE["SEALING_PUBLIC_KEYS"], "utf-8")
    for name, file in (("WRAPPING_KEYS", "keys"), ("SEALING_PUBLIC_KEYS", "public.json")):
        monkeypatch.delenv(f"EXAMPLE_{name}")
        monkeypatch.setenv(f"EXAMPLE_{name}_FILE", str(tmp_path / file))
    settings = load_settings(ExampleSettings)
    assert settings.wrapping_keys == KEYS
    assert settings.sealing_public_keys == {"auth": KEYS}


@pytest.mark.parametrize("name", COMPLETE)
def test_every_missing_variable_is_named_with_the_way_to_set_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(f"EXAMPLE_{name}")
    with pytest.raises(SettingsError) as error:
        load_settings(ExampleSettings)
    assert f"EXAMPLE_{name} is missing" in str(error.value)
    assert f"EXAMPLE_{name}_FILE" in str(error.value)


def test_all_that_is_missing_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COMPLETE:
        monkeypatch.delenv(f"EXAMPLE_{name}")
    with pytest.raises(SettingsError) as error:
        load_settings(ExampleSettings)
    assert str(error.value).count("is missing") == len(COMPLETE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("LOG_LEVEL", "LOUD"),
        ("WRAPPING_KEYS", "2026:tooshort"),
        ("WRAPPING_KEYS_FILE", "/nowhere/at/all"),
        ("SEALING_PUBLIC_KEYS", "not json"),
        ("SEALING_PUBLIC_KEYS", '{"auth": "nonsense"}'),
        ("DRAIN_TIMEOUT_SECONDS", "31"),
    ],
)
def test_a_wrong_value_is_named_and_not_quoted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    if name.endswith("_FILE"):
        monkeypatch.delenv(f"EXAMPLE_{name.removesuffix('_FILE')}")
    monkeypatch.setenv(f"EXAMPLE_{name}", value)
    with pytest.raises(SettingsError) as error:
        load_settings(ExampleSettings)
    assert name.removesuffix("_FILE") in str(error.value).upper()
    assert "tooshort" not in str(error.value)
    assert "nonsense" not in str(error.value)


def test_a_path_that_cannot_be_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXAMPLE_WRAPPING_KEYS")
    monkeypatch.setenv("EXAMPLE_WRAPPING_KEYS_FILE", "/nowhere/at/all")
    with pytest.raises(SettingsError, match="FileNotFoundError"):
        load_settings(ExampleSettings)


@pytest.mark.sec("SEC-64")
def test_secrets_do_not_show_in_the_representation() -> None:
    shown = repr(load_settings(ExampleSettings))
    assert "pa55word" not in shown
    assert "bm5u" not in shown
    assert "nnnn" not in shown
