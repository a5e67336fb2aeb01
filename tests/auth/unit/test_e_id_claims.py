"""What a provider must say of a person, and what ties one hand-over to the client that began it."""

import base64
import hashlib
from datetime import datetime, timedelta

import pytest
from auth.domain.e_id.claims import ClaimRules, EIdRefusedError, IdentityClaims, ProvenIdentity, proven_identity
from auth.domain.e_id.hand_over import HandOver
from auth.handlers.tokens import new_e_id_secret
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import NOW

RULES = ClaimRules(levels=frozenset({"level-2"}))
MINUTE = timedelta(minutes=1)


def claims(**changes: object) -> IdentityClaims:
    facts: dict[str, object] = {
        "issuer": "https://e-id.example.vn",
        "subject": "6f1c-0001",
        "citizen_number": "066185000001",
        "level": "level-2",
        "authenticated_at": NOW,
    }
    return IdentityClaims(**{**facts, **changes})  # type: ignore[arg-type] # one dictionary of every kind


def proven(said: IdentityClaims, *, started_at: datetime = NOW, now: datetime = NOW) -> ProvenIdentity:
    return proven_identity(said, RULES, started_at=started_at, now=now)


def rule_of(said: IdentityClaims) -> str:
    with pytest.raises(EIdRefusedError) as refused:
        proven(said)
    assert refused.value.facts() == {}
    return refused.value.rule


@pytest.mark.req("V-12")
def test_who_just_showed_an_e_id_of_the_right_level_is_who_the_provider_says() -> None:
    identity = proven(claims())
    assert (identity.subject, identity.citizen_number) == ("6f1c-0001", "066185000001")
    assert "066185000001" not in repr(identity)


@pytest.mark.req("V-12")
@pytest.mark.parametrize(
    "number", [None, "", "0661850000", "06618500000a", "0661850000011", "٠٦٦١٨٥٠٠٠٠٠١", " 066185000001"]
)
def test_without_a_citizen_number_nobody_is_known(number: str | None) -> None:
    assert rule_of(claims(citizen_number=number)) == "citizen_number"


@pytest.mark.req("V-12")
@pytest.mark.parametrize("level", [None, "", "level-1", "LEVEL-2"])
def test_a_lower_level_of_assurance_is_refused(level: str | None) -> None:
    assert rule_of(claims(level=level)) == "level"


def test_some_level_is_always_asked_for() -> None:
    with pytest.raises(ValueError, match="V-12"):
        ClaimRules(levels=frozenset())


@pytest.mark.sec("SEC-59")
def test_what_was_shown_at_the_provider_before_we_asked_does_not_count() -> None:
    assert rule_of(claims(authenticated_at=None)) == "time"
    assert rule_of(claims(authenticated_at=NOW - MINUTE - timedelta(seconds=1))) == "time"
    assert rule_of(claims(authenticated_at=NOW + MINUTE + timedelta(seconds=1))) == "time"
    for at in (NOW - MINUTE, NOW, NOW + MINUTE):
        proven(claims(authenticated_at=at))


@given(st.binary(min_size=1, max_size=64).map(lambda raw: f"eid_{raw.hex()}"))
def test_everything_of_a_hand_over_follows_from_its_secret_and_tells_nothing_of_it(secret: str) -> None:
    over = HandOver.of(secret)
    assert over == HandOver.of(secret)
    assert len({over.state, over.nonce, over.verifier, over.challenge, secret}) == 5
    assert {len(part) for part in (over.state, over.nonce, over.verifier, over.challenge)} == {43}
    digest = hashlib.sha256(over.verifier.encode("ascii")).digest()
    assert over.challenge == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert secret not in repr(over)
    assert over.state not in repr(over)


@pytest.mark.sec("LIM-18")
def test_no_two_secrets_are_alike_and_one_answers_for_no_other() -> None:
    one, other = new_e_id_secret(), new_e_id_secret()
    assert one != other
    assert HandOver.of(one).is_answered_by(HandOver.of(one).state)
    assert not HandOver.of(one).is_answered_by(HandOver.of(other).state)
    assert not HandOver.of(one).is_answered_by("không phải")
