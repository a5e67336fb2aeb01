"""From a request to what a carrier is handed: the text in the person's language, addressed."""

from ansinh_kit.events import ERASED

from notifications.domain.events import MessageRequested
from notifications.providers.port import Email, Sms
from notifications.templates.renderer import Renderer, TemplateKey


class RecipientErasedError(Exception):
    """The person was forgotten after the message was requested."""


class ParcelMaker:
    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def sms(self, request: MessageRequested) -> Sms:
        """Return the SMS of a notice; the same request always gives the same text.

        Raises:
            RecipientErasedError: Nobody is left to send it to.
        """
        key, facts, target = _parts(request)
        return Sms(request.message_id, target, self._renderer.sms(key, facts))

    def email(self, request: MessageRequested) -> Email:
        """Return the mail of a notice.

        Raises:
            RecipientErasedError: Nobody is left to send it to.
        """
        key, facts, target = _parts(request)
        text = self._renderer.email(key, facts)
        return Email(
            request.message_id,
            target,
            recipient_name=request.recipient_name,
            subject=text.subject,
            text=text.text,
            html=text.html,
        )


def _parts(request: MessageRequested) -> tuple[TemplateKey, dict[str, object], str]:
    if request.notice is None or request.target is None or request.target == ERASED:
        raise RecipientErasedError
    key = TemplateKey(request.kind, request.language, request.template_version)
    return key, {"recipient_name": request.recipient_name, **dict(request.notice)}, request.target
