import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st
from records.domain.contributions.period import period_id_of

from tests.records.unit.contributions import builders as b


@given(occupation=st.text(), employer_code=st.text())
def test_a_period_id_is_the_hash_of_its_natural_key_as_json_for_ever(occupation: str, employer_code: str) -> None:
    period = b.period("01/2020-03/2021", employer_code, occupation=occupation)
    natural_key = [
        "p" * 32,
        period.kind,
        employer_code,
        period.from_month.iso,
        period.to_month.iso,
        occupation,
    ]
    wanted = hashlib.sha256(json.dumps(natural_key).encode()).hexdigest()[:32]
    assert period_id_of("p" * 32, period) == wanted
