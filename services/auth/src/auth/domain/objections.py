"""The code by which whoever was told of a change takes it back: made from a key, so that it is stored nowhere.

Thirteen letters and digits, 65 bits: short enough for an SMS, and too long to guess (LIM-21). An e-mail carries the
same as a link. It lets nobody in: all it does is undo and lock.
"""

import hmac
import re
from hashlib import sha256
from typing import Final

from ansinh_kit.key_list import KeyList

# Crockford's alphabet: no I, L, O, U, which are misread or spell words.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 13
_BITS_OF_A_LETTER: Final = 5
_FORM: Final = re.compile(rf"[{_LETTERS}]{{{_LENGTH}}}")
_MISREAD: Final = str.maketrans("ILO", "110")
_LONGEST_TYPED: Final = 64


class ObjectionCodes:
    """Makes the code of a change, the same every time. A key that was retired makes none any more."""

    def __init__(self, keys: KeyList) -> None:
        self._keys = keys

    @property
    def key_id(self) -> str:
        """The key that new changes name."""
        return self._keys.newest.id

    def code_of(self, *, key_id: str, account_id: str, change_id: str) -> str | None:
        """Return the code as it is read, `XXXX-XXXX-XXXX-X`; `None` if the key is gone."""
        key = self._keys.find(key_id)
        if key is None:
            return None
        mac = hmac.new(key.material, f"objection|{account_id}|{change_id}".encode(), sha256).digest()
        number = int.from_bytes(mac, "big")
        letters = "".join(_LETTERS[number >> (_BITS_OF_A_LETTER * place) & 31] for place in range(_LENGTH))
        return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))


def normal_objection_code(typed: str) -> str | None:
    """Return the code without what only helps reading; `None` if it cannot be one."""
    if len(typed) > _LONGEST_TYPED:
        return None
    letters = re.sub(r"[\s-]", "", typed).upper().translate(_MISREAD)
    return letters if _FORM.fullmatch(letters) else None
