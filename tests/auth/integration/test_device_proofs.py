import asyncio
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.mongo import Database
from ansinh_kit.testing.clock import FixedClock
from auth.domain.device_proofs import DeviceProofRefusedError, ProofRules
from auth.handlers.device_proofs import DeviceNonceNeededError, DeviceProofs, PresentedProof
from auth.storage.spent_proofs import SpentProofs

from tests.auth.builders import NOW
from tests.auth.device_keys import BASE, DeviceKey
from tests.auth.service import keys

PATH = "/v1/sessions"
DEVICE = DeviceKey()


async def checker(database: Database, clock: FixedClock) -> DeviceProofs:
    spent = SpentProofs(database)
    await spent.create_indexes()
    return DeviceProofs(spent=spent, keys=keys("c"), rules=ProofRules(bases=(BASE,)), clock=clock)


def presented(proofs: DeviceProofs, clock: FixedClock, **changes: Any) -> PresentedProof:  # noqa: ANN401
    facts: dict[str, Any] = {"now": clock.now(), "nonce": proofs.new_nonce().nonce} | changes
    return PresentedProof(DEVICE.proof("POST", PATH, **facts), "POST", PATH)


@pytest.mark.sec("SES-10")
async def test_a_proof_counts_once_also_for_another_process(database: Database) -> None:
    clock = FixedClock(NOW)
    one, other = await checker(database, clock), await checker(database, clock)
    proof = presented(one, clock)
    assert await one.thumbprint_of(proof) == DEVICE.thumbprint
    with pytest.raises(DeviceProofRefusedError, match="used_before"):
        await other.thumbprint_of(proof)


@pytest.mark.sec("SES-10")
@pytest.mark.sec("F-35")
async def test_of_fifty_at_once_with_one_proof_one_is_let_through(database: Database) -> None:
    clock = FixedClock(NOW)
    proofs = await checker(database, clock)
    proof = presented(proofs, clock)
    outcomes = await asyncio.gather(*(proofs.thumbprint_of(proof) for _ in range(50)), return_exceptions=True)
    assert outcomes.count(DEVICE.thumbprint) == 1
    assert sum(isinstance(outcome, DeviceProofRefusedError) for outcome in outcomes) == 49


@pytest.mark.sec("SES-10")
async def test_two_devices_may_come_upon_the_same_id(database: Database) -> None:
    clock = FixedClock(NOW)
    proofs = await checker(database, clock)
    claims = {"jti": "j" * 16}
    for device in (DeviceKey(), DeviceKey()):
        text = device.proof("POST", PATH, now=NOW, nonce=proofs.new_nonce().nonce, claims=claims)
        assert await proofs.thumbprint_of(PresentedProof(text, "POST", PATH)) == device.thumbprint


@pytest.mark.sec("SES-10")
async def test_an_old_or_foreign_nonce_is_answered_with_a_fresh_one_and_the_proof_is_not_spent(
    database: Database,
) -> None:
    clock = FixedClock(NOW)
    proofs = await checker(database, clock)
    old = proofs.new_nonce().nonce
    clock.advance(timedelta(minutes=5))
    for nonce in (old, "made up"):
        with pytest.raises(DeviceNonceNeededError) as needed:
            await proofs.thumbprint_of(presented(proofs, clock, nonce=nonce))
        again = presented(proofs, clock, nonce=needed.value.nonce)
        assert await proofs.thumbprint_of(again) == DEVICE.thumbprint


@pytest.mark.sec("SES-10")
async def test_while_the_mark_of_a_proof_is_kept_nothing_else_is_needed_to_refuse_it(database: Database) -> None:
    """The mark may go when nonce and age refuse the proof by themselves: not a moment sooner."""
    clock = FixedClock(NOW)
    proofs = await checker(database, clock)
    proof = presented(proofs, clock)
    await proofs.thumbprint_of(proof)
    mark = await database["spent_proofs"].find_one({})
    assert mark is not None
    clock.advance(mark["delete_at"] - NOW)
    await database["spent_proofs"].delete_one({})
    with pytest.raises((DeviceProofRefusedError, DeviceNonceNeededError)):
        await proofs.thumbprint_of(proof)
