"""The contract of carriers, for each of them."""

from collections.abc import AsyncIterator

import pytest
from notifications.providers.port import Email, Sms

from tests.notifications.providers.carrier_contract import CarrierContract
from tests.notifications.providers.memory_carrier import MemoryCarrier
from tests.notifications.providers.smtp_server import ScriptedSmtp
from tests.notifications.providers.twilio_server import TwilioServer


class TestMemoryCarrier(CarrierContract[Sms]):
    traceable = True

    @pytest.fixture
    def carrier(self) -> MemoryCarrier[Sms]:
        return MemoryCarrier(lambda number: Sms(f"{number:032x}", "+84900000018", "text"))


class TestTwilioSms(CarrierContract[Sms]):
    traceable = True

    @pytest.fixture
    async def carrier(self) -> AsyncIterator[TwilioServer]:
        server = TwilioServer()
        await server.start()
        yield server
        await server.stop()


class TestSmtpEmail(CarrierContract[Email]):
    traceable = False

    @pytest.fixture
    async def carrier(self) -> AsyncIterator[ScriptedSmtp]:
        server = ScriptedSmtp()
        await server.start()
        yield server
        await server.stop()
