import asyncio

from ansinh_kit.http.gathered_writes import GatheredWrites


class Wire(asyncio.Transport):
    """What goes out, in order; `closed` and `aborted` stand where they happened."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes | str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.sent.append("closed")

    def write_eof(self) -> None:
        self.sent.append("half closed")

    def abort(self) -> None:
        self.sent.append("aborted")

    def is_closing(self) -> bool:
        return "closed" in self.sent


def gathered() -> tuple[Wire, GatheredWrites]:
    wire = Wire()
    return wire, GatheredWrites(wire, asyncio.get_running_loop())


async def test_what_is_written_in_one_turn_is_sent_as_one_at_its_end() -> None:
    wire, transport = gathered()
    transport.write(b"head ")
    transport.write(b"body")
    assert wire.sent == []
    await asyncio.sleep(0)
    assert wire.sent == [b"head body"]
    transport.write(b"next")
    await asyncio.sleep(0)
    assert wire.sent == [b"head body", b"next"]


async def test_more_than_may_be_held_is_sent_at_once() -> None:
    wire, transport = gathered()
    transport.write(b"a" * 65_536)
    transport.write(b"b")
    assert wire.sent == [b"a" * 65_536 + b"b"]
    await asyncio.sleep(0)
    assert len(wire.sent) == 1


async def test_everything_is_out_before_the_end_and_nothing_after_an_abortion() -> None:
    wire, transport = gathered()
    transport.write(b"last words")
    transport.write_eof()
    transport.close()
    transport.write(b"too late")
    await asyncio.sleep(0)
    assert wire.sent == [b"last words", "half closed", "closed"]
    wire, transport = gathered()
    transport.write(b"half an answer")
    transport.abort()
    await asyncio.sleep(0)
    assert wire.sent == ["aborted"]


async def test_the_rest_is_the_transports_own() -> None:
    _, transport = gathered()
    assert transport.is_closing() is False
