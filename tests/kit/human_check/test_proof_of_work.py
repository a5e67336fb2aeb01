import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from ansinh_kit.clock import RandomIds
from ansinh_kit.human_check.port import Challenge, HumanCheckFailedError, HumanCheckRequiredError
from ansinh_kit.human_check.proof_of_work import ProofOfWork, solve, zero_bits
from ansinh_kit.human_check.spent import InMemorySpentChallenges, MongoSpentChallenges, SpentChallenges
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.mongo import Database, connect
from ansinh_kit.testing.clock import FixedClock
from hypothesis import given
from hypothesis import strategies as st

OLD, NEW = NamedKey("2025", b"o" * 32), NamedKey("2026", b"n" * 32)
BITS = 6
LIFETIME = timedelta(minutes=10)
UNTIL = datetime(2026, 3, 2, 9, 10, tzinfo=UTC)


def a_check(
    clock: FixedClock | None = None,
    keys: tuple[NamedKey, ...] = (OLD,),
    bits: int = BITS,
    spent: SpentChallenges | None = None,
) -> ProofOfWork:
    return ProofOfWork(
        KeyList(keys),
        spent or InMemorySpentChallenges(),
        clock=clock or FixedClock(),
        ids=RandomIds(),
        difficulty_bits=bits,
        lifetime=LIFETIME,
    )


async def flaw_of(check: ProofOfWork, proof: str) -> str:
    with pytest.raises(HumanCheckFailedError) as refusal:
        await check.admit(proof)
    return refusal.value.flaw


def too_little(challenge: Challenge) -> str:
    return next(
        proof for nonce in range(1_000) if zero_bits(proof := f"{challenge.text}.{nonce}") < challenge.difficulty_bits
    )


async def test_a_solved_challenge_is_accepted_once() -> None:
    check = a_check()
    proof = solve(check.challenge())
    await check.admit(proof)
    assert await flaw_of(check, proof) == "used"


async def test_another_solution_of_a_used_challenge_is_refused_too() -> None:
    check = a_check()
    challenge = check.challenge()
    await check.admit(solve(challenge))
    others = (f"{challenge.text}.{nonce}" for nonce in range(1_000_000, 2_000_000))
    another = next(proof for proof in others if zero_bits(proof) >= BITS)
    assert await flaw_of(check, another) == "used"


async def test_without_a_proof_the_refusal_says_what_is_needed() -> None:
    with pytest.raises(HumanCheckRequiredError):
        await a_check().admit(None)


async def test_a_proof_without_the_work_is_refused_and_its_challenge_stays_good() -> None:
    check = a_check()
    challenge = check.challenge()
    assert await flaw_of(check, too_little(challenge)) == "too_little_work"
    await check.admit(solve(challenge))


async def test_a_challenge_is_good_until_its_last_second() -> None:
    clock = FixedClock()
    check = a_check(clock)
    early, late = solve(check.challenge()), solve(check.challenge())
    clock.advance(LIFETIME - timedelta(seconds=1))
    await check.admit(early)
    clock.advance(timedelta(seconds=1))
    assert await flaw_of(check, late) == "expired"


async def test_terms_cannot_be_made_easier_or_longer() -> None:
    check = a_check()
    challenge_id, expiry, _, mac = check.challenge().text.split(".")
    for terms in (f"{challenge_id}.{expiry}.0", f"{challenge_id}.{int(expiry) + 9}.{BITS}", f"{'0' * 32}.{expiry}.0"):
        assert await flaw_of(check, f"{terms}.{mac}.1") == "forged"


async def test_a_challenge_of_another_key_is_forged() -> None:
    foreign = solve(a_check(keys=(NEW,)).challenge())
    assert await flaw_of(a_check(keys=(OLD,)), foreign) == "forged"


async def test_challenges_given_out_before_a_rotation_of_keys_stay_good() -> None:
    before = solve(a_check(keys=(OLD,)).challenge())
    await a_check(keys=(NEW, OLD)).admit(before)


async def test_a_challenge_keeps_the_difficulty_it_was_given_out_with() -> None:
    easy = solve(a_check(bits=1).challenge())
    await a_check(bits=30).admit(easy)


@given(st.text(max_size=200))
async def test_no_made_up_proof_is_accepted(made_up: str) -> None:
    assert await flaw_of(a_check(), made_up) == "malformed"


@given(position=st.integers(0, 10_000), other=st.sampled_from("0123456789abcdef."))
async def test_a_changed_challenge_never_holds(position: int, other: str) -> None:
    check = a_check(bits=0)
    challenge = check.challenge()
    position %= len(challenge.text)
    if challenge.text[position] == other:
        return
    changed = replace(challenge, text=challenge.text[:position] + other + challenge.text[position + 1 :])
    assert await flaw_of(check, f"{changed.text}.1") in {"forged", "malformed"}


class SpentContract:
    async def test_of_many_uses_at_once_one_counts(self, spent: SpentChallenges) -> None:
        uses = await asyncio.gather(*(spent.spend("a" * 32, expires_at=UNTIL) for _ in range(8)))
        assert sorted(uses) == [False] * 7 + [True]
        assert await spent.spend("b" * 32, expires_at=UNTIL)


class TestInMemorySpent(SpentContract):
    @pytest.fixture
    def spent(self) -> SpentChallenges:
        return InMemorySpentChallenges()


class TestMongoSpent(SpentContract):
    @pytest.fixture
    async def database(self, mongo_url: str, database_name: str) -> AsyncIterator[Database]:
        client = connect(mongo_url, app_name="human-check-test")
        yield client.database(database_name)
        client.close()

    @pytest.fixture
    async def spent(self, database: Database) -> SpentChallenges:
        kept = MongoSpentChallenges(database)
        await kept.prepare()
        return kept

    async def test_what_was_used_is_kept_beyond_its_expiry(self, spent: SpentChallenges, database: Database) -> None:
        await spent.spend("a" * 32, expires_at=UNTIL)
        kept = await database["spent_challenges"].find_one({"_id": "a" * 32})
        assert kept is not None
        assert kept["delete_at"] > UNTIL
