from email.message import EmailMessage

import aiosmtplib
import pytest

from tests.devtools.conftest import RunningSandbox


def _mail(to: str = "an@example.com") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "bhxh@example.com", to, "Hồ sơ hợp lệ"
    mail.set_content("Mã kích hoạt của ông/bà: 123456")
    mail.add_alternative("<p>Mã kích hoạt</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="tờ khai.pdf")
    return mail


async def _send(sandbox: RunningSandbox, mail: EmailMessage) -> None:
    await aiosmtplib.send(mail, hostname="127.0.0.1", port=sandbox.smtp_port, start_tls=False)


async def test_a_mail_is_shown_with_its_parts(sandbox: RunningSandbox) -> None:
    await _send(sandbox, _mail())
    (shown,) = await sandbox.received(channel="email")
    assert shown["subject"] == "Hồ sơ hợp lệ"
    assert str(shown["text"]).strip() == "Mã kích hoạt của ông/bà: 123456"
    assert shown["attachments"] == ["tờ khai.pdf"]


@pytest.mark.parametrize(("kind", "code"), [("refused", 550), ("server_error", 451)])
async def test_an_ordered_fault_is_an_smtp_code(sandbox: RunningSandbox, kind: str, code: int) -> None:
    await sandbox.order(channel="email", kind=kind, to="an@example.com")
    with pytest.raises(aiosmtplib.SMTPResponseException) as refusal:
        await _send(sandbox, _mail())
    assert refusal.value.code == code
    await _send(sandbox, _mail())
    assert len(await sandbox.received()) == 1
