"""A mail as bytes. Nothing from a value can start a new header line (SEC-08)."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from notifications.providers.port import Email

_SENDER_NAME: Final = "An Sinh Số"


class MalformedAddressError(Exception):
    """The target is no address that a mail can be sent to."""


def mime_message(email: Email, *, sender: str) -> bytes:
    """Return the mail with text and HTML. Its `Message-ID` follows from the message: sent twice, it is one mail.

    Raises:
        MalformedAddressError: The target is not a plain address in ASCII.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(_SENDER_NAME, sender)
    message["To"] = _address(email.recipient_name or "", email.target)
    message["Subject"] = email.subject
    message["Message-ID"] = f"<{email.message_id}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.text, cte="base64")
    message.add_alternative(email.html, subtype="html", cte="base64")
    return bytes(message)


def _address(name: str, address: str) -> Address:
    if not address.isascii() or any(character.isspace() for character in address):
        raise MalformedAddressError
    printable = "".join(character for character in name if character.isprintable())
    try:
        return Address(display_name=printable, addr_spec=address)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise MalformedAddressError from error
