import re
import textwrap
import unicodedata

_WIDTH = 72


def one_line(text: str) -> str:
    """Return the text in one line: every run of white space and control characters is one blank (SEC-08)."""
    visible = "".join(" " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character for character in text)
    return " ".join(visible.split())


def wrapped(text: str, indent: str = "") -> str:
    """Return the text as a paragraph of lines up to 72 characters; later lines start under the first one's text."""
    return textwrap.fill(
        one_line(text),
        width=_WIDTH,
        subsequent_indent=" " * len(indent),
        initial_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def paragraphs(text: str) -> str:
    """Return the text with one empty line, never more, between its paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
