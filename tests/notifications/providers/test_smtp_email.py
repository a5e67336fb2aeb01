import email
import email.policy
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from notifications.providers.port import Accepted, Email, NotProcessed, Rejected, SendOutcome, Unknown

from tests.notifications.providers.smtp_server import HANG_UP, SILENCE, ScriptedSmtp


@pytest.fixture
async def smtp() -> AsyncIterator[ScriptedSmtp]:
    server = ScriptedSmtp()
    await server.start()
    yield server
    await server.stop()


@pytest.mark.sec("F-32")
@pytest.mark.parametrize(
    ("step", "reply", "expected"),
    [
        ("greeting", b"421 busy\r\n", NotProcessed("not_reached")),
        ("greeting", b"554 no service\r\n", NotProcessed("not_reached")),
        ("greeting", SILENCE, NotProcessed("not_reached")),
        ("greeting", HANG_UP, NotProcessed("not_reached")),
        ("greeting", b"2" * 4_000_000, NotProcessed("not_reached")),
        ("MAIL", b"421 closing\r\n", NotProcessed("smtp_421")),
        ("MAIL", HANG_UP, NotProcessed("not_reached")),
        ("RCPT", b"450 busy\r\n", NotProcessed("smtp_450")),
        ("RCPT", b"451 later\r\n", NotProcessed("smtp_451")),
        ("RCPT", b"452 full\r\n", NotProcessed("smtp_452")),
        ("RCPT", b"550 nobody\r\n", Rejected("smtp_550")),
        ("RCPT", SILENCE, NotProcessed("not_reached")),
        ("DATA", b"451 later\r\n", NotProcessed("smtp_451")),
        ("DATA", b"554 no\r\n", Rejected("smtp_554")),
        ("text", b"452 full\r\n", NotProcessed("smtp_452")),
        ("text", b"554 spam\r\n", Rejected("smtp_554")),
        ("text", HANG_UP, Unknown("answer_lost")),
        ("text", SILENCE, Unknown("answer_lost")),
        ("text", b"2" * 4_000_000, Unknown("answer_lost")),
    ],
)
async def test_what_the_server_says_and_when_decides_the_outcome(
    smtp: ScriptedSmtp, step: str, reply: bytes, expected: SendOutcome
) -> None:
    smtp.replies[step] = reply
    assert await smtp.provider.send(smtp.parcel(1)) == expected


@pytest.mark.sec("F-32")
async def test_without_encryption_on_offer_nothing_is_said_in_the_clear(smtp: ScriptedSmtp) -> None:
    smtp.start_tls = True
    assert await smtp.provider.send(smtp.parcel(1)) == NotProcessed("not_reached")
    assert set(smtp.commands) <= {"EHLO", "STARTTLS", "QUIT"}
    assert smtp.mails == []


async def test_the_mail_carries_text_and_html_and_the_same_id_each_time(smtp: ScriptedSmtp) -> None:
    assert await smtp.provider.send(smtp.parcel(1)) == Accepted("smtp", f"{1:032x}")
    await smtp.provider.send(smtp.parcel(1))
    first, second = (email.message_from_bytes(mail, policy=email.policy.default) for mail in smtp.mails)
    assert first["Message-ID"] == second["Message-ID"] == f"<{1:032x}@ansinh.example.vn>"
    assert str(first["To"]) == "Nguyễn Văn Mẫu <mau@example.vn>"
    assert first["Subject"] == "Thư 1"
    assert [part.get_content().strip() for part in first.walk() if not part.is_multipart()] == [
        "Chào ông/bà",
        "<p>Chào ông/bà</p>",
    ]


@pytest.mark.sec("SEC-08")
async def test_line_breaks_in_a_name_make_no_header(smtp: ScriptedSmtp) -> None:
    parcel = replace(smtp.parcel(1), recipient_name="Mẫu\r\nBcc: other@example.vn\x00")
    await smtp.provider.send(parcel)
    mail = email.message_from_bytes(smtp.mails[0], policy=email.policy.default)
    assert mail["Bcc"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == ["mau@example.vn"]


@pytest.mark.sec("SEC-08")
@pytest.mark.parametrize(
    "target",
    ["mau@example.vn\r\nRCPT TO:<x@y.vn>", "a b@example.vn", "mau", "", "mẫu@example.vn", "a@b@c", "x@y.vn, z@y.vn"],
)
async def test_a_malformed_address_is_refused_before_anything_is_sent(smtp: ScriptedSmtp, target: str) -> None:
    outcome = await smtp.provider.send(replace(smtp.parcel(1), target=target))
    assert outcome == Rejected("target_malformed")
    assert smtp.commands == []


def test_a_mail_shows_nothing_personal_in_its_representation() -> None:
    assert repr(Email("1", "mau@example.vn", "Mẫu", "Thư", "text", "html")) == "Email(message_id='1')"
