import asyncio

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import connect

GATEWAY_PATIENCE_SECONDS = 5.0


@pytest.mark.sec("F-14")
async def test_a_database_that_is_down_is_told_before_the_gateway_gives_up_on_the_service(unused_tcp_port: int) -> None:
    client = connect(f"mongodb://127.0.0.1:{unused_tcp_port}/", app_name="test")
    async with asyncio.timeout(GATEWAY_PATIENCE_SECONDS):
        with pytest.raises(UnavailableError):
            await client.ping()
    client.close()
