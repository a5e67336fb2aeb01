"""The built web as files in memory: found by exact name only, each with its type, its policy and how long it keeps."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.asgi import Headers

_MOST_BYTES: Final = 64 * 1024 * 1024
_FOR_EVER: Final = b"public, max-age=31536000, immutable"
_ASK_AGAIN: Final = b"no-cache"
_POLICY: Final = (
    b"default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'"
)
_INDEX: Final = "index.html"
_TYPES: Final = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".woff2": "font/woff2"}


class WebTooLargeError(Exception):
    """The folder holds more than a built web ever should."""


@dataclass(frozen=True, slots=True)
class WebFile:
    """`gzip` is the same, packed when it was built; `None` if it was not."""

    content: bytes
    gzip: bytes | None
    etag: bytes
    headers: Headers


class WebFiles:
    """Read once. What is not there at that moment is not served: no path of a request ever reaches the disk."""

    def __init__(self, files: dict[str, WebFile]) -> None:
        self._files = files

    def find(self, path: str) -> WebFile | None:
        """Return the file of this path; for an address of a page, the page that draws it.

        A page's addresses have no dot in their last part: `/officer/queue` is drawn by `/officer/index.html`, if there
        is one, else by `/index.html`. A missing picture or script stays missing.
        """
        found = self._files.get(path)
        if found is not None or "." in path.rsplit("/", 1)[-1]:
            return found
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if (page := self._files.get(f"{folder}/{_INDEX}")) is not None:
                return page
        return None


def read_web_files(folder: Path) -> WebFiles:
    """Read the whole folder.

    Raises:
        WebTooLargeError: It holds more than 64 MiB.
        OSError: It cannot be read.
    """
    root = folder.resolve(strict=True)
    paths = sorted(path for path in root.rglob("*") if path.is_file() and path.resolve().is_relative_to(root))
    if sum(path.stat().st_size for path in paths) > _MOST_BYTES:
        raise WebTooLargeError
    return WebFiles({f"/{path.relative_to(root).as_posix()}": _read(path, root) for path in paths})


def _read(path: Path, root: Path) -> WebFile:
    content = path.read_bytes()
    packed = path.with_name(f"{path.name}.gz")
    return WebFile(
        content=content,
        gzip=packed.read_bytes() if packed.is_file() else None,
        etag=b'"%s"' % hashlib.sha256(content).hexdigest()[:32].encode(),
        headers=[
            (b"content-type", _type_of(path).encode()),
            (b"cache-control", _keeping(path.relative_to(root))),
            (b"content-security-policy", _POLICY),
            (b"permissions-policy", b"camera=(self), geolocation=(), microphone=()"),
            (b"vary", b"Accept-Encoding"),
        ],
    )


def _type_of(path: Path) -> str:
    guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = guessed.startswith("text/") or guessed in {"application/json", "image/svg+xml"}
    return f"{guessed}; charset=utf-8" if is_text else guessed


def _keeping(path: Path) -> bytes:
    """What the build named by its content never changes; everything else is asked about each time."""
    return _FOR_EVER if path.parts[0] == "assets" or "assets" in path.parts[:-1] else _ASK_AGAIN
