"""One request gets one answer, read the same however it is cut into packets, and nothing that follows it counts."""

import itertools

import pytest
from gateway.answer_reader import AnswerReader, NoAnswerError
from hypothesis import given
from hypothesis import strategies as st

SIZED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world"
CHUNKED = (
    b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n"
)
UNTIL_THE_END = b"HTTP/1.1 200 OK\r\n\r\nhello world"
AFTER_INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + SIZED


def reader() -> AnswerReader:
    expecting = AnswerReader()
    expecting.expect()
    return expecting


def read(*packets: bytes, ends: bool = False) -> AnswerReader:
    fed = reader()
    for packet in packets:
        fed.feed(packet)
    if ends:
        fed.end()
    return fed


@given(st.sampled_from([SIZED, CHUNKED, UNTIL_THE_END, AFTER_INTERIM]), st.lists(st.integers(1, 200), max_size=20))
def test_an_answer_is_the_same_however_it_is_cut(raw: bytes, cuts: list[int]) -> None:
    borders = sorted({0, len(raw), *(cut for cut in cuts if cut < len(raw))})
    packets = [raw[start:end] for start, end in itertools.pairwise(borders)]
    whole, cut = read(raw, ends=raw is UNTIL_THE_END), read(*packets, ends=raw is UNTIL_THE_END)
    assert whole.take() == b"hello world"
    assert cut.take() == b"hello world"
    assert (cut.status, cut.headers, cut.complete, cut.reusable) == (
        whole.status,
        whole.headers,
        True,
        raw is not UNTIL_THE_END,
    )


@given(octets=st.binary(max_size=300), as_tail=st.booleans())
def test_whatever_comes_is_an_answer_or_refused(octets: bytes, *, as_tail: bool) -> None:
    fed = reader()
    try:
        fed.feed(SIZED[:20] + octets if as_tail else octets)
        fed.end()
    except NoAnswerError:
        return
    assert fed.complete


@pytest.mark.parametrize("raw", [SIZED, CHUNKED])
def test_an_answer_cut_short_is_none(raw: bytes) -> None:
    for length in range(len(raw) - 1):
        with pytest.raises(NoAnswerError):
            read(raw[:length], ends=True)


@pytest.mark.sec("GW-06")
@pytest.mark.parametrize(
    "after", [b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", b"x", b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"]
)
def test_what_follows_an_answer_is_never_taken_for_the_next_one(after: bytes) -> None:
    together = read(SIZED + after)
    assert together.take() == b"hello world"
    assert not together.reusable
    with pytest.raises(NoAnswerError):
        read(SIZED, after)


@pytest.mark.sec("GW-06")
@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"Content-Length: 4\r\nTransfer-Encoding: chunked", id="both framings"),
        pytest.param(b"Content-Length: 4\r\nContent-Length: 5", id="two lengths"),
        pytest.param(b"Content-Length: x", id="no number"),
        pytest.param(b"Folded: a\r\n b\r\nContent-Length: 4", id="folded"),
        pytest.param(b"Sp ace: a\r\nContent-Length: 4", id="space in a name"),
    ],
)
def test_an_answer_with_an_ambiguous_head_is_none(head: bytes) -> None:
    with pytest.raises(NoAnswerError):
        read(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\nbody")


@pytest.mark.sec("GW-07")
def test_no_service_can_switch_protocols() -> None:
    with pytest.raises(NoAnswerError):
        read(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")


@pytest.mark.sec("GW-09")
@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_has_no_body_is_complete_with_its_head(status: int) -> None:
    bare = read(b"HTTP/1.1 %d X\r\nETag: x\r\n\r\n" % status)
    assert (bare.complete, bare.reusable) == (True, True)
    with_length = read(b"HTTP/1.1 %d X\r\nContent-Length: 10\r\n\r\n" % status)
    assert (with_length.complete, with_length.reusable) == (True, False)


@pytest.mark.parametrize(
    ("head", "reusable"),
    [(b"HTTP/1.1 200 OK\r\nConnection: close", False), (b"HTTP/1.0 200 OK", False), (b"HTTP/1.1 200 OK", True)],
)
def test_a_connection_is_used_again_only_if_the_service_keeps_it(head: bytes, *, reusable: bool) -> None:
    assert read(head + b"\r\nContent-Length: 0\r\n\r\n").reusable is reusable


def test_a_head_without_end_is_cut_off() -> None:
    fed = reader()
    fed.feed(b"HTTP/1.1 200 OK\r\n")
    fillers = b"".join(b"Filler-%d: xxxxxxxxxxxxxxxx\r\n" % number for number in range(4_000))
    with pytest.raises(NoAnswerError):
        fed.feed(fillers)


def test_a_word_nobody_asked_for_is_refused() -> None:
    with pytest.raises(NoAnswerError):
        AnswerReader().feed(SIZED)
