import json

import pytest
from ansinh_kit.http.strict_json import JsonRefusedError, parse_strict_json
from hypothesis import given
from hypothesis import strategies as st

names = st.text(max_size=8).filter(lambda name: not name.startswith("$") and "." not in name and "\0" not in name)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


@given(value=values)
def test_ordinary_json_reads_as_everywhere(value: object) -> None:
    assert parse_strict_json(json.dumps(value).encode()) == value


@given(noise=st.binary(max_size=60))
@pytest.mark.sec("SEC-13")
def test_noise_is_refused_or_read_like_everyone_reads_it(noise: bytes) -> None:
    try:
        value = parse_strict_json(noise)
    except JsonRefusedError:
        return
    assert value == json.loads(noise)
