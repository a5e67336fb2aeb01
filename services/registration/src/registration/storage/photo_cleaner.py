"""Runs `photo_process` for one upload at a time and core, and reads its answer as it would a stranger's."""

import asyncio
import json
import signal
import sys
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from ansinh_kit.errors import UnavailableError

from registration.domain.photos import PHOTO_RULES, PhotoKind, PhotoRefusedError
from registration.storage.photo_process import KEPT_MAX_BYTES, CleanPhoto, RefusedError, check_outside

log = structlog.get_logger(__name__)

_WALL_SECONDS: Final = 20.0
_RULES: Final = frozenset(rule.name for rule in PHOTO_RULES)
_OVER_THE_LIMITS: Final = frozenset({-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT})


@dataclass(frozen=True, slots=True)
class CleaningLimits:
    """What one upload may cost (LIM-23), how many are looked at at once, and how many more may wait in memory."""

    processes: int = 2
    queue: int = 16
    cpu_seconds: int = 5
    memory_bytes: int = 512 * 1024 * 1024


class Cleaner(Protocol):
    async def clean(self, kind: PhotoKind, upload: bytes) -> CleanPhoto:
        """Return the photo to keep.

        Raises:
            PhotoRefusedError: It is not a photo, or breaks a limit; `rule` says which.
            UnavailableError: The machine was too busy to look at it.
        """
        ...


class PhotoCleaner:
    """Looks at each upload in a process of its own."""

    def __init__(self, limits: CleaningLimits) -> None:
        self._limits = limits
        self._turns = asyncio.Semaphore(limits.processes)
        self._under_way = 0

    async def clean(self, kind: PhotoKind, upload: bytes) -> CleanPhoto:
        try:
            check_outside(upload)
        except RefusedError as refusal:
            raise PhotoRefusedError(kind, refusal.rule) from refusal
        if self._under_way >= self._limits.processes + self._limits.queue:
            raise UnavailableError("photo process")
        self._under_way += 1
        try:
            async with self._turns:
                return_code, answer = await self._run(upload)
        finally:
            self._under_way -= 1
        if return_code in _OVER_THE_LIMITS:
            raise PhotoRefusedError(kind, "photo_too_heavy")
        if return_code != 0:
            log.error("photo_process_failed", return_code=return_code)
            raise PhotoRefusedError(kind, "photo_broken")
        return _read_answer(kind, answer)

    async def _run(self, upload: bytes) -> tuple[int, bytes]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "registration.storage.photo_process",
            str(self._limits.cpu_seconds),
            str(self._limits.memory_bytes),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},  # the parent's holds secrets
        )
        try:
            async with asyncio.timeout(_WALL_SECONDS):
                answer, _ = await process.communicate(upload)
        except TimeoutError as error:
            raise UnavailableError("photo process") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return process.returncode or 0, answer


def _read_answer(kind: PhotoKind, answer: bytes) -> CleanPhoto:
    header, _, jpeg = answer.partition(b"\n")
    match json.loads(header):
        case {"rule": str(rule)} if rule in _RULES:
            raise PhotoRefusedError(kind, rule)
        case {"width": int(width), "height": int(height)} if 0 < len(jpeg) <= KEPT_MAX_BYTES:
            return CleanPhoto(jpeg, width, height)
        case _:
            log.error("photo_process_answer_unknown")
            raise PhotoRefusedError(kind, "photo_broken")
