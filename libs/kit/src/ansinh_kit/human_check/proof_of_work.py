"""A challenge anybody's device can solve in a second or so, and nobody's can solve by the million.

    challenge   <id>.<expiry, Unix seconds>.<bits>.<HMAC-SHA-256>
    proof       <challenge>.<nonce>, so that SHA-256 of the proof begins with <bits> zero bits

The challenge carries its own terms under our signature, so nothing is stored before it is used.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.human_check.port import Challenge, HumanCheckFailedError, HumanCheckRequiredError
from ansinh_kit.human_check.spent import SpentChallenges
from ansinh_kit.key_list import KeyList

KIND: Final = "sha-256-zero-bits"
_PURPOSE: Final = b"ansinh/human-check/1"
_PROOF: Final = re.compile(r"(([0-9a-f]{32})\.([0-9]{1,12})\.([0-9]{1,3}))\.([0-9a-f]{64})\.[0-9]{1,20}", re.ASCII)


class ProofOfWork:
    """Gives out challenges and takes their proofs, each once.

    Args:
        keys: Roots of the signing keys, derived for this purpose alone. All of them verify while they rotate.
        difficulty_bits: Of new challenges: solving takes 2 to this power hashes on the average.
    """

    def __init__(
        self,
        keys: KeyList,
        spent: SpentChallenges,
        *,
        clock: Clock,
        ids: IdGenerator,
        difficulty_bits: int,
        lifetime: timedelta,
    ) -> None:
        self._keys = tuple(_signing_key(key.material) for key in keys)
        self._spent = spent
        self._clock = clock
        self._ids = ids
        self._difficulty_bits = difficulty_bits
        self._lifetime = lifetime

    def challenge(self) -> Challenge:
        expires_at = (self._clock.now() + self._lifetime).replace(microsecond=0)
        terms = f"{self._ids.new_id()}.{int(expires_at.timestamp())}.{self._difficulty_bits}"
        return Challenge(KIND, f"{terms}.{_mac(self._keys[0], terms)}", self._difficulty_bits, expires_at)

    async def admit(self, proof: str | None) -> None:
        if proof is None:
            raise HumanCheckRequiredError
        found = _PROOF.fullmatch(proof)
        if found is None:
            raise HumanCheckFailedError("malformed")
        terms, challenge_id, expiry, bits, mac = found.groups()
        self._check_signature(terms, mac)
        expires_at = datetime.fromtimestamp(int(expiry), UTC)
        if self._clock.now() >= expires_at:
            raise HumanCheckFailedError("expired")
        if zero_bits(proof) < int(bits):
            raise HumanCheckFailedError("too_little_work")
        # Last, so that only work that was done costs us a write.
        if not await self._spent.spend(challenge_id, expires_at=expires_at):
            raise HumanCheckFailedError("used")

    def _check_signature(self, terms: str, mac: str) -> None:
        if not any(hmac.compare_digest(_mac(key, terms), mac) for key in self._keys):
            raise HumanCheckFailedError("forged")


def solve(challenge: Challenge) -> str:
    """Return a proof of `challenge`: what a client does."""
    proofs = (f"{challenge.text}.{nonce}" for nonce in count())
    return next(proof for proof in proofs if zero_bits(proof) >= challenge.difficulty_bits)


def zero_bits(proof: str) -> int:
    """Return with how many zero bits the SHA-256 of `proof` begins."""
    digest = hashlib.sha256(proof.encode()).digest()
    return len(digest) * 8 - int.from_bytes(digest, "big").bit_length()


def _signing_key(root: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(root)


def _mac(key: bytes, terms: str) -> str:
    return hmac.new(key, terms.encode(), hashlib.sha256).hexdigest()
