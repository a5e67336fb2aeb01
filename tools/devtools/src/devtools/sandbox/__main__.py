"""Run the sandbox until SIGTERM. Settings come from the environment, as with every other process of the system."""

import asyncio
import signal

from pydantic_settings import BaseSettings, SettingsConfigDict

from devtools.sandbox.e_id.provider import EIdClient
from devtools.sandbox.server import Sandbox


class SandboxSettings(BaseSettings):
    """`SANDBOX_…` variables. The account and its token are shared with the service that sends."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_")

    host: str = "127.0.0.1"
    http_port: int
    smtp_port: int
    account_sid: str
    auth_token: str
    e_id_client_id: str | None = None
    e_id_client_secret: str | None = None
    e_id_redirect_address: str | None = None

    def e_id_client(self) -> EIdClient | None:
        """Return the client of the e-ID provider; there is no provider without one."""
        client, secret, back = self.e_id_client_id, self.e_id_client_secret, self.e_id_redirect_address
        if client is None or secret is None or back is None:
            return None
        return EIdClient(client_id=client, client_secret=secret, redirect_address=back)


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
        e_id_client=settings.e_id_client(),
    )
    async with sandbox:
        await ending.wait()


if __name__ == "__main__":
    asyncio.run(serve(SandboxSettings()))
