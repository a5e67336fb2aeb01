"""No code, token, password or personal value in documents, events, logs or error bodies (OTC-04, PII-09, I8)."""

import re
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from tests.auth.builders import PASSWORD
from tests.auth.service import NUMBER, PHONE_DEVICE, STAFF_PASSWORD, TABLET, AuthService, citizen_of

EMAIL = "hoa@example.vn"
PERSONAL = (
    NUMBER,
    "066185000001",
    "Nguyễn Thị Hoa",
    "912345678",
    EMAIL,
    PHONE_DEVICE["name"],
    TABLET["name"],
    "203.0.113.1",
    "hanh.le",
)


@pytest.mark.sec("I8")
@pytest.mark.sec("OTC-04")
@pytest.mark.sec("PII-09")
async def test_a_whole_story_leaves_no_secret_and_no_personal_value_in_the_clear(auth: AuthService) -> None:
    secrets = [PASSWORD, STAFF_PASSWORD]
    with capture_logs() as logged:
        await auth.open_account(email=EMAIL)
        stages = [await auth.everything_stored()]
        await auth.start_activation()
        stages.append(await auth.everything_stored())
        auth.clock.advance(timedelta(minutes=1))
        await auth.activate()
        first = await auth.log_in()
        take_over_id = await auth.second_device()
        await auth.post(f"/v1/take-overs/{take_over_id}/code")
        stages.append(await auth.everything_stored())
        second = await auth.confirm(take_over_id, await auth.code_sent())
        enrolment = await auth.use_cases.staff.enrol(
            user_name="hanh.le", role="officer", agency_code="06601", password=STAFF_PASSWORD, reason="người đầu tiên"
        )
        staff = await auth.staff_log_in(enrolment.totp_secret)
        wrong = await auth.log_in(password="một mật khẩu sai nào đó")
        shown = await auth.client.request("GET", "/v1/me", caller=citizen_of(second))
        stages.append(await auth.everything_stored())
    assert (first.status, second.status, staff.status, wrong.status, shown.status) == (201, 201, 201, 401, 200)
    secrets += [enrolment.totp_secret, "một mật khẩu sai nào đó"]
    secrets += [str(message.secret) for message in auth.secrets.messages()]
    secrets += [answer.json()["token"] for answer in (first, second, staff)]
    assert len(secrets) == 11
    for place in [*stages, repr(logged), wrong.body.decode()]:
        found = [
            value for value in (*secrets, *PERSONAL) if value in (_without_ids(place) if len(value) == 6 else place)
        ]
        assert not found


def _without_ids(text: str) -> str:
    """Return the text without hexadecimal runs and numbers in which six digits of a code could stand by chance."""
    return re.sub(r"[0-9a-f]{16,}|\.\d{6}\b|b'[^']*'|b\"[^\"]*\"", "", text)
