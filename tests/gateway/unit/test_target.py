import string

import pytest
from gateway.refusals import Refusal
from gateway.target import Target, read_target
from hypothesis import given
from hypothesis import strategies as st

SEGMENT = st.text(string.ascii_letters + string.digits + "-._~", min_size=1).filter(lambda text: text.strip("."))


@given(st.lists(SEGMENT, min_size=1), st.sampled_from(["", "q=1", "q=%C3%A0&r=a/b?c"]))
def test_a_plain_target_is_read_as_it_is(segments: list[str], query: str) -> None:
    path = "/" + "/".join(segments)
    target = Target(path, query)
    assert read_target(target.with_path(path).encode()) == target


@pytest.mark.sec("GW-04")
@given(st.binary())
def test_what_is_accepted_is_what_was_sent_and_climbs_nowhere(raw: bytes) -> None:
    try:
        target = read_target(raw)
    except Refusal:
        return
    assert target.with_path(target.path).encode() == raw.removesuffix(b"?")
    assert target.path.startswith("/")
    assert not {"..", "."} & set(target.path.split("/"))
    assert "" not in target.path.split("/")[1:-1]
    assert not set(target.path) & set("%\\\0 #?")


@pytest.mark.sec("GW-04")
@given(SEGMENT, st.sampled_from(["..", ".", "", "%2e%2e", "%2f", "a%00", "a\\b", "\xe0", "a b", "a\0"]), SEGMENT)
def test_an_odd_segment_anywhere_is_refused(before: str, odd: str, after: str) -> None:
    with pytest.raises(Refusal):
        read_target(f"/{before}/{odd}/{after}".encode("latin-1"))
