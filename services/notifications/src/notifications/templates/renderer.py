"""Turns a message's facts into the text a person reads. A missing fact is an error, never a blank."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import PackageLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.domain.content import Language, MessageKind
from notifications.templates import words
from notifications.templates.plain_text import one_line, paragraphs, wrapped
from notifications.templates.sms_alphabet import SINGLE_SMS_SEPTETS, septets, without_marks


class TooLongForSmsError(ValueError):
    """The text does not fit into one SMS: a mistake in its template, found by the test over all templates."""


@dataclass(frozen=True, slots=True)
class TemplateKey:
    kind: MessageKind
    language: Language
    version: int


@dataclass(frozen=True, slots=True)
class EmailText:
    """`subject` is one line without control characters: it may go into a header as it is."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every text may mention: where the service is, whom to call, how long a code lives."""

    portal_url: str
    support_phone: str
    code_life_minutes: int


class Renderer:
    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._plain = _environment(html=False)
        self._html = _environment(html=True)

    def sms(self, key: TemplateKey, facts: Mapping[str, Any]) -> str:
        """Return the text of one SMS: at most 160 characters of the GSM alphabet.

        Raises:
            jinja2.UndefinedError: The template names a fact that is not given.
            NotGsmTextError: A value has a character that an SMS of 160 characters cannot hold.
            TooLongForSmsError: The text would be sent, and paid for, as two messages.
        """
        template = self._plain.get_template(f"{_folder(key)}/sms.{key.language}.j2")
        text = without_marks(one_line(template.render(self._context(key, facts))))
        if septets(text) > SINGLE_SMS_SEPTETS:
            raise TooLongForSmsError(f"{key.kind} {key.language} v{key.version}")
        return text

    def email(self, key: TemplateKey, facts: Mapping[str, Any]) -> EmailText:
        """Return subject, plain text and HTML, all from one template.

        Raises:
            jinja2.UndefinedError: The template names a fact that is not given.
        """
        name = f"{_folder(key)}/email.{key.language}.j2"
        context = self._context(key, facts)
        plain, html = self._plain.get_template(name), self._html.get_template(name)
        return EmailText(
            subject=one_line(_block(plain, "subject", context)),
            text=paragraphs(plain.render({**context, "layout": "layout.txt.j2"})),
            html=html.render({**context, "layout": "layout.html.j2"}).strip() + "\n",
        )

    def _context(self, key: TemplateKey, facts: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **facts,
            "portal_url": self._surroundings.portal_url,
            "support_phone": self._surroundings.support_phone,
            "code_life_minutes": self._surroundings.code_life_minutes,
            **_words_in(key.language),
        }


def _words_in(language: Language) -> dict[str, object]:
    return {
        "language": language,
        "contact": lambda slot: words.contact(slot, language),
        "device": lambda kind: words.device(kind, language),
        "moment": lambda value: words.moment(value, language),
        "short_moment": lambda value: words.short_moment(value, language),
        "reason_lines": lambda reasons: words.reason_lines(reasons, language),
        "late_lines": lambda lines: words.late_lines(lines, language),
        "month_of": words.month,
        "copied_lines": lambda form: words.copied_lines(form, language),
    }


def _folder(key: TemplateKey) -> str:
    return f"{key.kind}/v{key.version}"


def _block(template: Template, name: str, context: dict[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(context)))


def _environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("notifications.templates", "texts"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(one_line=one_line, wrapped=wrapped)
    environment.globals["part"] = environment.get_template("parts.html.j2" if html else "parts.txt.j2").module
    return environment
