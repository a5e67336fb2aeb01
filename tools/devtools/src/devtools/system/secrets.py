"""Secrets of a development system: made once, kept as files that only this user can read."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.personal_data.sealing import public_keys_of

from devtools.system.certificate import new_key, self_signed

KEY_BYTES = 32


class SecretStore:
    """A folder of secrets. Each is made when first asked for and stays the same from then on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keys_file(self, name: str) -> Path:
        """Return the file of a key list with one fresh key."""
        return self._file(name, lambda: KeyList((NamedKey("dev-1", secrets.token_bytes(KEY_BYTES)),)).to_text())

    def token(self, name: str) -> str:
        """Return a random word of 128 bits in hexadecimal digits."""
        return self.token_file(name).read_text(encoding="utf-8").strip()

    def token_file(self, name: str) -> Path:
        """Return the file of that word."""
        return self._file(name, lambda: secrets.token_hex(16))

    def public_keys_file(self, services: tuple[str, ...]) -> Path:
        """Return the file with the public sealing keys of these services, made from their private ones."""
        public = {service: _public(self.keys_file(f"{service}_sealing_private_key")) for service in services}
        path = self._folder / "sealing_public_keys.json"
        write_private(path, json.dumps(public, indent=1, sort_keys=True))
        return path

    def certificate_file(self, name: str) -> Path:
        """Return the file of a self-signed certificate, made anew each time; `name`_key is its key, which stays."""
        key = self._file(f"{name}_key", new_key)
        path = self._folder / name
        write_private(path, self_signed(key.read_text(encoding="ascii")).rstrip())
        return path

    def _file(self, name: str, make: Callable[[], str]) -> Path:
        path = self._folder / name
        if not path.exists():
            write_private(path, make())
        return path


def _public(private_keys_file: Path) -> str:
    return public_keys_of(KeyList.parse(private_keys_file.read_text(encoding="utf-8"))).to_text()


def write_private(path: Path, text: str) -> None:
    """Write as a whole, with the right mode from the first byte."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
    draft.replace(path)
