"""Why an export is not made."""

from typing import ClassVar

from ansinh_kit.errors import RefusedError

from records.domain.exports.what import Format


class ExportTooLargeError(RefusedError):
    """The record has more rows than a file of this format takes (LIM-25)."""

    code: ClassVar[str] = "export_too_large"

    def __init__(self, export_format: Format, rows_max: int) -> None:
        super().__init__(f"more than {rows_max} rows for {export_format}")
        self.format = export_format
        self.rows_max = rows_max


class ExportAlreadyMadeError(RefusedError):
    """The export was made; a file is never replaced by another one under its code."""

    code: ClassVar[str] = "export_already_made"
