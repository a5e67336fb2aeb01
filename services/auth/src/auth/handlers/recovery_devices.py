"""Which device key signed a recovery, whoever's it is: the same question for people with an account and without."""

from typing import Protocol

from auth.handlers.device_proofs import DeviceProofs, PresentedProof


class BoundDevices(Protocol):
    async def thumbprint_of(self, proof: PresentedProof | None) -> str | None:
        """Return the thumbprint of the key that signed; `None` without a proof. It is spent with it.

        Raises:
            DeviceProofRefusedError, DeviceNonceNeededError: It does not hold.
        """
        ...


class SigningDevices:
    def __init__(self, proofs: DeviceProofs) -> None:
        self._proofs = proofs

    async def thumbprint_of(self, proof: PresentedProof | None) -> str | None:
        """See `BoundDevices`."""
        return None if proof is None else await self._proofs.thumbprint_of(proof)
