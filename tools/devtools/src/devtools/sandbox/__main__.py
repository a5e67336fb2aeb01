"""Run the sandbox until SIGTERM. Settings come from the environment, as with every other process of the system."""

import asyncio
import signal

from pydantic_settings import BaseSettings, SettingsConfigDict

from devtools.sandbox.e_id.provider import EIdClient, EIdProvider
from devtools.sandbox.server import Sandbox


class SandboxSettings(BaseSettings):
    """`SANDBOX_…` variables. The account and its token are shared with the service that sends.

    Services reach the e-ID provider at `e_id_address`, people at `e_id_shown_at`.
    """

    model_config = SettingsConfigDict(env_prefix="SANDBOX_")

    host: str = "127.0.0.1"
    http_port: int
    smtp_port: int
    account_sid: str
    auth_token: str
    e_id_address: str
    e_id_shown_at: str
    e_id_client_id: str
    e_id_client_secret: str
    e_id_redirect_address: str

    def e_id(self) -> EIdProvider:
        client = EIdClient(
            client_id=self.e_id_client_id,
            client_secret=self.e_id_client_secret,
            redirect_address=self.e_id_redirect_address,
        )
        return EIdProvider(self.e_id_address, client, shown_at=self.e_id_shown_at)


async def serve(settings: SandboxSettings) -> None:
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    sandbox = Sandbox(
        account_sid=settings.account_sid,
        auth_token=settings.auth_token,
        http_port=settings.http_port,
        smtp_port=settings.smtp_port,
        host=settings.host,
        e_id=settings.e_id(),
    )
    async with sandbox:
        await ending.wait()


if __name__ == "__main__":
    asyncio.run(serve(SandboxSettings()))
