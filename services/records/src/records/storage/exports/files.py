"""A sheet as a file of any format."""

import asyncio
from typing import assert_never

from records.domain.exports.sheet import Sheet, Stamp
from records.domain.exports.spreadsheet import csv_of
from records.domain.exports.structured import json_of
from records.domain.exports.what import Format
from records.storage.exports.paper import paper_of
from records.storage.exports.press import Press


class ExportFiles:
    def __init__(self, press: Press) -> None:
        self._press = press

    async def write(self, sheet: Sheet, stamp: Stamp, export_format: Format) -> bytes:
        """Return the whole file; the event loop goes on meanwhile.

        Raises:
            UnavailableError: The machine is too busy.
        """
        match export_format:
            case "pdf":
                return await self._press.print(await asyncio.to_thread(paper_of, sheet, stamp))
            case "csv":
                return await asyncio.to_thread(csv_of, sheet, stamp)
            case "json":
                return await asyncio.to_thread(json_of, sheet, stamp)
            case _:
                assert_never(export_format)
