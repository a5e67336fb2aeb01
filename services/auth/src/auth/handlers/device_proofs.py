"""Device proofs, checked whole: what they say, the server's nonce, and that none counts twice (SES-10)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from ansinh_kit.clock import Clock
from ansinh_kit.errors import DomainError
from ansinh_kit.key_list import KeyList

from auth.domain.device_proofs import DeviceProof, DeviceProofRefusedError, ProofRules, ProvenRequest, read_proof
from auth.domain.proof_nonces import RANDOM_BYTES, is_fresh, make_nonce
from auth.storage.spent_proofs import SpentProofs


class DeviceNonceNeededError(DomainError):
    """The proof has no nonce of ours, or an old one; the same request counts with a new proof around `nonce`."""

    code: ClassVar[str] = "device_nonce_needed"

    def __init__(self, nonce: str) -> None:
        super().__init__("a proof needs a fresh nonce")
        self.nonce = nonce


@dataclass(frozen=True, slots=True)
class PresentedProof:
    """A proof as it came with a request, believed in nothing yet."""

    text: str = field(repr=False)
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Nonce:
    nonce: str
    expires_at: datetime


class DeviceProofs:
    def __init__(
        self,
        *,
        spent: SpentProofs,
        keys: KeyList,
        rules: ProofRules,
        clock: Clock,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._spent = spent
        self._keys = keys
        self._rules = rules
        self._clock = clock
        self._random = random

    def new_nonce(self) -> Nonce:
        """Return a nonce for proofs of the next minutes; any number of proofs may carry it."""
        now = self._clock.now()
        return Nonce(make_nonce(self._keys, now, self._random(RANDOM_BYTES)), now + self._rules.nonce_life)

    async def thumbprint_of(self, proof: PresentedProof, *, token_hash: str | None = None) -> str:
        """Return the thumbprint of the key that signed; the proof is spent with it.

        Args:
            token_hash: SHA-256 in hex of the session token the request came with; the proof must name it.

        Raises:
            DeviceProofRefusedError: It does not hold, or was used before; with a nonce for the next one.
            DeviceNonceNeededError: It holds, but is not around a fresh nonce of ours.
        """
        now = self._clock.now()
        proven = self._read(proof, token_hash, now)
        if not is_fresh(proven.nonce, self._keys, now, self._rules.nonce_life):
            raise DeviceNonceNeededError(self.new_nonce().nonce)
        # A mark lives as long as the nonce in the proof may: past that the nonce refuses the proof.
        until = now + self._rules.nonce_life
        if not await self._spent.spend(thumbprint=proven.thumbprint, proof_id=proven.proof_id, until=until):
            raise DeviceProofRefusedError("used_before", nonce=self.new_nonce().nonce)
        return proven.thumbprint

    def _read(self, proof: PresentedProof, token_hash: str | None, now: datetime) -> DeviceProof:
        try:
            return read_proof(proof.text, ProvenRequest(proof.method, proof.path, token_hash), self._rules, now)
        except DeviceProofRefusedError as error:
            raise DeviceProofRefusedError(error.rule, nonce=self.new_nonce().nonce) from error
