"""`python -m records import FILE`: an operator brings a file that lies on this machine."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, get_args

from ansinh_kit.events import Metadata

from records.app import Process
from records.domain.bulk.refusals import FileRefusedError
from records.domain.imports.decide import Import
from records.domain.imports.events import FileKindName
from records.domain.published_rules import all_rules
from records.handlers.importing.chunks import inspect
from records.handlers.importing.importing import ImportRequest
from records.handlers.importing.report import Form, report_lines
from records.storage.bulk_files.blocks import blocks_of

_KINDS: Final[tuple[FileKindName, ...]] = get_args(FileKindName)
_TELL_EVERY_SECONDS: Final = 0.5
_REFUSED: Final = 1


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """Name what `import` takes."""
    parser.add_argument("file", type=Path, help="CSV or JSON Lines, gzip or not")
    parser.add_argument("--kind", choices=_KINDS, help="what the rows are; by default what the file is named after")
    parser.add_argument("--agency", help="feed participants of this agency only; by default of all of them")
    parser.add_argument("--dry-run", action="store_true", help="decide and report, record nothing")
    parser.add_argument("--report", type=Path, help="write what was refused to this file (.csv or .jsonl)")


async def import_file(process: Process, arguments: argparse.Namespace) -> int:
    """Bring the file to its end and tell how it went; return the exit code. Cut off, the same call goes on."""
    kind = arguments.kind or _kind_named_by(arguments.file)
    if kind is None:
        _say(f"--kind is one of {', '.join(_KINDS)}: the name of the file does not say")
        return _REFUSED
    await process.foundation.log.start()
    try:
        return await _brought(process, arguments, kind)
    except FileRefusedError as refused:
        refusal = refused.refusal
        _say(
            f"refused: line {refusal.line}, {refusal.column or 'file'}: {refusal.rule.name}. {refusal.rule.message.en}"
        )
        return _REFUSED
    finally:
        await process.foundation.log.close()


async def _brought(process: Process, arguments: argparse.Namespace, kind: FileKindName) -> int:
    importing, path = process.use_cases.importing, arguments.file
    file = await inspect(blocks_of(path), importing.columns_of(kind))
    request = ImportRequest(kind=kind, agency_code=arguments.agency, started_by="operator", dry_run=arguments.dry_run)
    import_id = await importing.start(request, file, Metadata(correlation_id=process.foundation.ids.new_id()))
    _say(f"import {import_id}{' (dry run)' if arguments.dry_run else ''}")
    ended = await importing.run(import_id, lambda: blocks_of(path), progress=_teller(file.lines))
    if arguments.report is not None:
        await _write_report(process, import_id, arguments.report)
    _say(_line_of(ended))
    return 0 if ended.status == "completed" else _REFUSED


def _teller(lines: int) -> Callable[[Import], None]:
    told_at = 0.0

    def tell(state: Import) -> None:
        nonlocal told_at
        if time.monotonic() >= told_at + _TELL_EVERY_SECONDS:
            told_at = time.monotonic()
            _say(f"{state.counts.rows:,} of about {lines:,} rows, {state.counts.refused:,} refused")

    return tell


def _line_of(ended: Import) -> str:
    counts = ended.counts
    return (
        f"{ended.status}: {counts.recorded:,} recorded, {counts.corrected:,} corrected, "
        f"{counts.unchanged:,} unchanged, {counts.refused:,} refused"
    )


async def _write_report(process: Process, import_id: str, path: Path) -> None:
    form: Form = "jsonl" if path.suffix == ".jsonl" else "csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        async for line in report_lines(process.import_reports.read(import_id), form, all_rules()):
            file.write(line)


def _kind_named_by(path: Path) -> FileKindName | None:
    return next((kind for kind in _KINDS if path.name.startswith(kind)), None)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
