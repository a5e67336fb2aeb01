"""Settings of a process from environment variables, secrets from files, and errors that say what to set.

A service subclasses `ServiceSettings` with its prefix: `model_config = SettingsConfigDict(env_prefix="AUTH_")`.
`AUTH_PORT=27401` sets `port`; `AUTH_WRAPPING_KEYS_FILE=/run/secrets/keys` sets `wrapping_keys` from that file.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as UnreadableSettingError

from ansinh_kit.key_list import KeyList

_FILE_SUFFIX: Final = "_FILE"


def _parse_keys(value: object) -> object:
    return KeyList.parse(value) if isinstance(value, str) else value


Keys = Annotated[KeyList, NoDecode, BeforeValidator(_parse_keys)]
"""Keys as text: `id:base64url of 32 bytes`, several separated by commas, newest first."""


class SettingsError(Exception):
    """Settings are missing or wrong. The message lists each of them and how to set it; it holds no value."""


class ProcessSettings(BaseSettings):
    """What every process needs, the gateway included. Secrets have no default."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(ge=0, le=65_535, description="port to listen on")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="least level that is logged")
    drain_delay_seconds: float = Field(
        0, ge=0, le=20, description="time between being unready and no longer accepting, for balancers to notice"
    )
    drain_timeout_seconds: float = Field(30, gt=0, le=30, description="longest time from SIGTERM to the end (GW-18)")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from arguments, then variables, then the files that variables name; nothing else."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, _FileVariables(settings_cls)


class ServiceSettings(ProcessSettings):
    """What every service with its own database and its own queues needs."""

    mongodb_url: SecretStr = Field(description="address of MongoDB, mongodb://…")
    amqp_url: SecretStr = Field(description="address of RabbitMQ, amqp://…")
    database: str = Field(min_length=1, description="name of the service's own database")
    keyring_database: str = Field(min_length=1, description="name of the database that holds data keys only")
    assertion_keys: Keys = Field(
        description="keys of the gateway's assertions for this service alone, id:base64url, newest first (SES-08)"
    )
    namespace: str = Field("", description="prefix of exchanges and queues; empty in production")
    wrapping_keys: Keys = Field(description="keys that wrap data keys, id:base64url, newest first")
    blind_index_keys: Keys = Field(description="root keys of blind indexes, id:base64url, newest first")
    sealing_private_key: Keys = Field(description="X25519 private keys of this service, id:base64url, newest first")
    sealing_public_keys: dict[str, Keys] = Field(
        description='X25519 public keys of the services as JSON: {"auth": "id:base64url", …}'
    )


Settings = TypeVar("Settings", bound=ProcessSettings)


def load_settings(settings: type[Settings]) -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsError: Its message names every variable that is missing or wrong.
    """
    try:
        return settings()
    except ValidationError as error:
        lines = [_explained(settings, item["loc"], item["type"], item["msg"]) for item in error.errors()]
    except UnreadableSettingError as error:
        # Its text names the field and not the value; the cause's class says whether it is a path or a form.
        lines = [f"{error}: {type(error.__cause__).__name__}"]
    # `from None`: pydantic's error can quote a secret that was almost right.
    raise SettingsError("\n".join(["these settings are missing or wrong:", *(f"  {line}" for line in lines)])) from None


def _explained(settings: type[ProcessSettings], place: tuple[int | str, ...], kind: str, message: str) -> str:
    if not place:  # a rule over several settings
        return message
    field_name = str(place[0])
    variable = _variable(settings, field_name)
    field = settings.model_fields.get(field_name)
    purpose = field.description if field is not None and field.description else "see the settings of this service"
    how = f"set {variable}, or {variable}{_FILE_SUFFIX} to the path of a file that holds it"
    return f"{variable} is missing: {purpose}; {how}" if kind == "missing" else f"{variable}: {message} ({purpose})"


def _variable(settings: type[BaseSettings], field_name: str) -> str:
    return f"{settings.model_config.get('env_prefix', '')}{field_name}".upper()


class _FileVariables(EnvSettingsSource):
    """Reads `<PREFIX><FIELD>_FILE` and takes the named file's text, without its last line end."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        _, key, is_complex = super().get_field_value(field, field_name)
        path = os.environ.get(_variable(self.settings_cls, field_name) + _FILE_SUFFIX)
        return (None if path is None else Path(path).read_text("utf-8").strip(), key, is_complex)
