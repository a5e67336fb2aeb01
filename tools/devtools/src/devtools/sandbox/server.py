"""The sandbox as a whole: both carriers, the page and the API over one mailbox, and the e-ID provider beside them."""

from types import TracebackType
from typing import Self

from aiohttp import web

from devtools.sandbox.api import SandboxApi
from devtools.sandbox.delivery_reports import DeliveryReports
from devtools.sandbox.e_id.provider import EIdProvider
from devtools.sandbox.faults import Faults
from devtools.sandbox.mailbox import Mailbox
from devtools.sandbox.smtp import MailHandler, serve_smtp
from devtools.sandbox.twilio import TwilioApi

STOP_SECONDS = 1.0


class Sandbox:
    """A running sandbox between entering and leaving, on the loopback interface unless told otherwise."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        http_port: int,
        smtp_port: int,
        host: str,
        e_id: EIdProvider | None = None,
    ) -> None:
        self._mailbox, self._faults, self._reports = Mailbox(), Faults(), DeliveryReports()
        self._twilio = TwilioApi(
            account_sid=account_sid,
            auth_token=auth_token,
            mailbox=self._mailbox,
            faults=self._faults,
            reports=self._reports,
        )
        self._e_id = e_id
        self._host, self._http_port, self._smtp_port = host, http_port, smtp_port
        self._runner = web.AppRunner(self._app(), shutdown_timeout=STOP_SECONDS, handler_cancellation=True)

    def _app(self) -> web.Application:
        app = web.Application()
        app.add_routes(self._twilio.routes())
        app.add_routes(SandboxApi(self._mailbox, self._faults).routes())
        if self._e_id is not None:
            app.add_routes(self._e_id.routes())
        return app

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._http_port).start()
        handler = MailHandler(self._mailbox, self._faults)
        self._smtp = await serve_smtp(handler, host=self._host, port=self._smtp_port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._smtp.close()
        await self._reports.close()
        await self._runner.cleanup()
