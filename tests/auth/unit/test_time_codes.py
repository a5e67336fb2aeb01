from datetime import UTC, datetime, timedelta

import pytest
from auth.domain.time_codes import enrolment_uri, matching_step
from pyotp.totp import TOTP

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: "12345678901234567890"
AT = datetime.fromtimestamp(1111111109, UTC)


def test_the_code_of_the_rfc_matches_its_step() -> None:
    assert matching_step(SECRET, "081804", AT) == 0x23523EC


@pytest.mark.parametrize(("drift", "found"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_one_step_of_drift_is_forgiven_either_way(drift: int, *, found: bool) -> None:
    code = TOTP(SECRET).at(AT + drift * timedelta(seconds=30))
    assert (matching_step(SECRET, code, AT) is not None) is found


@pytest.mark.parametrize("code", ["", "081805", "0818040", "٠٨١٨٠٤", "\ud800"])
def test_anything_else_matches_nothing(code: str) -> None:
    assert matching_step(SECRET, code, AT) is None


def test_the_enrolment_uri_names_service_and_user() -> None:
    assert enrolment_uri(SECRET, "hanh.le").startswith("otpauth://totp/")
    assert "hanh.le" in enrolment_uri(SECRET, "hanh.le")
