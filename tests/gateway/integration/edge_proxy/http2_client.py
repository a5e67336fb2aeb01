"""An HTTP/2 client that asks as many things at once as it is told to, whatever the server allows."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from devtools.servers.ports import LOOPBACK
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, RemoteSettingsChanged, ResponseReceived, StreamEnded, StreamReset
from h2.settings import SettingCodes

from tests.gateway.integration.edge_proxy.proxy import PATIENCE_SECONDS, EdgeProxy


@dataclass
class Http2Answer:
    """What came on one stream. `reset` is the code the server ended it with, if it did."""

    status: int | None = None
    body: bytes = b""
    ended: bool = False
    reset: int | None = None


@dataclass
class Http2Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    # Nothing is corrected on its way out: a test says what is sent.
    connection: H2Connection = field(
        default_factory=lambda: H2Connection(
            H2Configuration(header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False)
        )
    )
    answers: dict[int, Http2Answer] = field(default_factory=dict)
    most_streams: int | None = None

    async def ask(self, path: str, *headers: tuple[str, str]) -> Http2Answer:
        """Send a GET and return its answer, which fills as it comes: see `read_until`."""
        stream = self.connection.get_next_available_stream_id()
        pseudo = [(":method", "GET"), (":scheme", "https"), (":authority", "localhost"), (":path", path)]
        self.connection.send_headers(stream, [*pseudo, *headers], end_stream=True)
        await self._send()
        return self.answers.setdefault(stream, Http2Answer())

    async def read_until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                received = await self.reader.read(65_536)
                assert received, "the server closed the connection"
                for event in self.connection.receive_data(received):
                    self._note(event)
                await self._send()

    async def read_until_closed(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while received := await self.reader.read(65_536):
                for event in self.connection.receive_data(received):
                    self._note(event)

    def _note(self, event: Event) -> None:
        match event:
            case RemoteSettingsChanged(changed_settings=settings) if SettingCodes.MAX_CONCURRENT_STREAMS in settings:
                self.most_streams = settings[SettingCodes.MAX_CONCURRENT_STREAMS].new_value
            case ResponseReceived(stream_id=stream, headers=headers):
                self.answers[stream].status = next(
                    int(value) for name, value in headers if name in {":status", b":status"}
                )
            case DataReceived(stream_id=stream, data=data):
                self.answers[stream].body += data
            case StreamEnded(stream_id=stream):
                self.answers[stream].ended = True
            case StreamReset(stream_id=stream, error_code=code):
                self.answers[stream].reset = int(code)
                self.answers[stream].ended = True
            case _:
                pass

    async def _send(self) -> None:
        self.writer.write(self.connection.data_to_send())
        await self.writer.drain()


@asynccontextmanager
async def http2(proxy: EdgeProxy) -> AsyncIterator[Http2Client]:
    """Speak HTTP/2 with the proxy, which must have chosen it."""
    tls = ssl.create_default_context()
    tls.load_verify_locations(cadata="\n".join(ssl.DER_cert_to_PEM_cert(der) for der in proxy.tls.get_ca_certs(True)))
    tls.set_alpn_protocols(["h2", "http/1.1"])
    reader, writer = await asyncio.open_connection(LOOPBACK, proxy.https_port, ssl=tls, server_hostname="localhost")
    try:
        spoken: ssl.SSLObject = writer.get_extra_info("ssl_object")
        assert spoken.selected_alpn_protocol() == "h2"
        client = Http2Client(reader, writer)
        client.connection.initiate_connection()
        yield client
    finally:
        writer.transport.abort()
