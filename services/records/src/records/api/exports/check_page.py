"""The check of a document as a page: for whoever scans the code on a paper. It needs no script and loads nothing."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from ansinh_kit.events import ERASED

from records.api.exports import check_texts as texts
from records.api.exports.check_texts import Finding
from records.domain.exports.events import ExportMade
from records.domain.exports.labels import AS_OF, CODE, MADE_AT, moment
from records.domain.exports.sheet import said
from records.domain.exports.what import TITLES
from records.domain.language import Language, Text

_LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")
GENUINE: Final[frozenset[Finding]] = frozenset({"issued", "unaltered"})
_STYLE: Final = (
    "body{margin:0 auto;max-width:40rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff}"
    "section+section{margin-top:2rem;border-top:1px solid #767676}"
    "h1{font-size:1.4rem;border-left:.5rem solid;padding-left:.75rem}"
    ".good h1{border-color:#146c2e}.bad h1{border-color:#b00020}"
    "dt{font-weight:bold}dd{margin:0 0 .5rem;overflow-wrap:anywhere}"
    "input{box-sizing:border-box;width:100%;padding:.5rem;font:inherit}"
    "button{margin-top:.5rem;padding:.5rem 1rem;font:inherit}"
)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
PAGE_HEADERS: Final[Mapping[str, str]] = {
    # Nothing is loaded and nothing runs; the one form asks this very page again.
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    ),
    "X-Robots-Tag": "noindex",
}


def wants_page(accept: str | None) -> bool:
    """Return whether whoever asks names HTML among what it takes, as every browser does."""
    offers = (each.partition(";")[0].strip().lower() for each in (accept or "").split(","))
    return "text/html" in offers


def finding_of(made: ExportMade | None, digest: str | None) -> Finding:
    """Return what is told of the code, and of a file with this SHA-256 if one was typed, blanks and capitals or not."""
    if made is None:
        return "unknown"
    typed = "".join((digest or "").split()).lower()
    if not typed:
        return "issued"
    if len(typed) != len(made.sha256) or not set(typed) <= set("0123456789abcdef"):
        return "no_digest"
    return "unaltered" if typed == made.sha256 else "altered"


def check_page(code: str, made: ExportMade | None, finding: Finding) -> str:
    """Return the page, first in Vietnamese, then in English. It says no more of a person than the paper does."""
    return _page(
        "good" if finding in GENUINE else "bad",
        (_section(code, made, finding, language) for language in _LANGUAGES),
    )


def wait_page(seconds: int) -> str:
    """Return the page for whoever checked too many codes: nothing was looked up, and when to come back."""
    return _page("wait", (_waiting(seconds, language) for language in _LANGUAGES))


def _page(kind: str, sections: Iterable[str]) -> str:
    return (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(texts.PAGE_TITLE.vi)} · {escape(texts.PAGE_TITLE.en)}</title>"
        f"<style>{_STYLE}</style></head>"
        f'<body class="{kind}"><main>{"".join(sections)}</main></body></html>'
    )


def _waiting(seconds: int, language: Language) -> str:
    when = escape(said(texts.COME_BACK, language).format(seconds=seconds))
    return f'<section lang="{language}"><h1>{_said(texts.TOO_MANY, language)}</h1><p>{when}</p></section>'


def _section(code: str, made: ExportMade | None, finding: Finding, language: Language) -> str:
    return (
        f'<section lang="{language}"><h1>{_said(texts.HEADLINES[finding], language)}</h1>'
        f"<p>{_said(texts.EXPLANATIONS[finding], language)}</p>"
        f"{_facts(_facts_of(code, made, language))}{'' if made is None else _form(language)}</section>"
    )


def _facts_of(code: str, made: ExportMade | None, language: Language) -> dict[str, str]:
    if made is None:
        return {said(CODE, language): code}
    zone = said(texts.ZONE, language)
    return {
        said(texts.KIND_OF_DOCUMENT, language): said(TITLES[made.what], language),
        said(texts.HOLDER, language): said(texts.FORGOTTEN, language) if made.holder == ERASED else made.holder,
        said(AS_OF, language): f"{moment(made.as_of)} ({zone})",
        said(MADE_AT, language): f"{moment(made.made_at)} ({zone})",
        said(texts.FORMAT, language): said(texts.FORMATS[made.format], language),
        said(CODE, language): code,
        said(texts.DIGEST, language): made.sha256,
    }


def _facts(facts: Mapping[str, str]) -> str:
    shown = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in facts.items())
    return f"<dl>{shown}</dl>"


def _form(language: Language) -> str:
    name = f"sha256-{language}"
    return (
        f'<form method="get"><p>{_said(texts.COMPARE_HOW, language)}</p>'
        f'<label for="{name}">{_said(texts.DIGEST, language)}</label>'
        f'<input id="{name}" name="sha256" autocomplete="off" spellcheck="false" maxlength="200" required>'
        f"<button>{_said(texts.COMPARE, language)}</button></form>"
    )


def _said(text: Text, language: Language) -> str:
    return escape(said(text, language))
