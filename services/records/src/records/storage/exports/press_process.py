"""The process that prints one paper and ends: `python -m records.storage.exports.press_process`.

Its arguments are the CPU seconds and the bytes of memory it may use. It reads the paper as JSON from its standard
input and writes the PDF. Nothing is fetched: the template lies beside this file, and the fonts come with the compiler
(Libertinus Serif, SIL Open Font License 1.1).
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final, Literal

import typst

_TEMPLATE: Final = Path(__file__).with_name("paper.typ")


def print_paper(paper: dict[str, Any]) -> bytes:
    """Return the PDF; the same paper always gives the same bytes.

    It is PDF/A-2a, made to be kept for life and read aloud. An employer's name in a script our font lacks would break
    that standard; such a paper is an ordinary tagged PDF in which those letters are boxes.

    Raises:
        TypstError: The template does not fit the paper: a mistake of ours.
    """
    try:
        return _compiled(paper, "a-2a")
    except typst.TypstError:
        return _compiled(paper, "1.7")


def _compiled(paper: dict[str, Any], standard: Literal["a-2a", "1.7"]) -> bytes:
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"paper": json.dumps(paper)},
    )
    pdf = compiler.compile(format="pdf", pdf_standards=[standard], timestamp=paper["made_at"])
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    return pdf


def _bound(cpu_seconds: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    _bound(cpu_seconds=int(sys.argv[1]), memory_bytes=int(sys.argv[2]))
    sys.stdout.buffer.write(print_paper(json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
