"""The texts of the terms of use, as files of the package: `terms_of_use/<version>/<language>.md`.

A version is the day from which it counts. A text that was published is never edited; a new version is a new folder.
"""

from importlib.resources import files
from typing import Final, get_args

from ansinh_contracts.language import Language

from auth.domain.consent import Terms, TermsText

_FOLDER: Final = files("auth") / "terms_of_use"


def read_terms() -> tuple[Terms, ...]:
    """Return every version, oldest first; each has a text in every language.

    Raises:
        FileNotFoundError: A version lacks a language.
    """
    versions = sorted(folder.name for folder in _FOLDER.iterdir() if folder.is_dir())
    return tuple(
        Terms(version, tuple(_text(version, language) for language in get_args(Language))) for version in versions
    )


def _text(version: str, language: Language) -> TermsText:
    return TermsText(language, (_FOLDER / version / f"{language}.md").read_text(encoding="utf-8"))
