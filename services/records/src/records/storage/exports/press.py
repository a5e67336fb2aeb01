"""Runs `press_process` for one paper at a time and core: never on the event loop, never longer than is waited for."""

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import Any, Final

import structlog
from ansinh_kit.errors import UnavailableError

log = structlog.get_logger(__name__)

_PDF: Final = b"%PDF-"


@dataclass(frozen=True, slots=True)
class PressLimits:
    """What one paper may cost, how many are printed at once, and how many more may wait.

    `wall_seconds` is below what the gateway waits for the first byte (LIM-26), queue included.
    """

    processes: int = 2
    queue: int = 16
    wall_seconds: float = 4.5
    cpu_seconds: int = 10
    memory_bytes: int = 1024 * 1024 * 1024


class PressFailedError(Exception):
    """The process ended without a PDF: over its memory or CPU, or by a mistake of ours. What it said is not kept."""

    def __init__(self, return_code: int) -> None:
        super().__init__(f"the press ended with {return_code}")


class Press:
    def __init__(self, limits: PressLimits) -> None:
        self._limits = limits
        self._turns = asyncio.Semaphore(limits.processes)
        self._under_way = 0

    async def print(self, paper: dict[str, Any]) -> bytes:
        """Return the PDF of a paper as `paper_of` made it.

        Raises:
            UnavailableError: Too many are printed at once, or it took too long.
            PressFailedError: The process ended without a PDF.
        """
        if self._under_way >= self._limits.processes + self._limits.queue:
            raise UnavailableError("press")
        self._under_way += 1
        try:
            async with asyncio.timeout(self._limits.wall_seconds), self._turns:
                return await self._run(json.dumps(paper).encode())
        except TimeoutError as error:
            raise UnavailableError("press") from error
        finally:
            self._under_way -= 1

    async def _run(self, paper: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "records.storage.exports.press_process",
            str(self._limits.cpu_seconds),
            str(self._limits.memory_bytes),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # A traceback would hold the paper.
            stderr=asyncio.subprocess.DEVNULL,
            env={},  # the parent's holds secrets
        )
        try:
            pdf, _ = await process.communicate(paper)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0 or not pdf.startswith(_PDF):
            log.error("press_failed", return_code=process.returncode)
            raise PressFailedError(process.returncode or 0)
        return pdf
