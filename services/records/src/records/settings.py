"""Settings of this service: `RECORDS_…` variables, or files named by `RECORDS_…_FILE`."""

from ansinh_kit.settings import ServiceSettings
from pydantic_settings import SettingsConfigDict


class RecordsSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="RECORDS_")
