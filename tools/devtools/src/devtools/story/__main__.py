"""`python -m devtools.story --gateway URL --sandbox URL --officers FILE [--json]`."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from devtools.story.people import Officer
from devtools.story.play import play
from devtools.story.report import Report


def main(
    gateway: Annotated[str, typer.Option(help="The gateway's address.")],
    sandbox: Annotated[str, typer.Option(help="The sandbox's address.")],
    officers: Annotated[Path, typer.Option(help="JSON list of two officers of different agencies.", exists=True)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report for machines.")] = False,
) -> None:
    """Play the story; exit with 1 at the first thing that is not as told."""
    first, second, *_ = [Officer(**found) for found in json.loads(officers.read_text(encoding="utf-8"))]
    report = Report(quiet=as_json)
    asyncio.run(play(report, gateway_url=gateway, sandbox_url=sandbox, officer=first, stranger=second))
    sys.stdout.write(f"{report.as_json()}\n" if as_json else f"\n{report.summary()}\n")
    sys.exit(0 if report.passed else 1)


if __name__ == "__main__":
    typer.run(main)
