from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from ansinh_contracts.auth import CodePurpose
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import SUBJECTS, Activation, CodeSubject, TakeOver
from auth.domain.recipients import Recipient
from auth.storage.challenge_documents import of_document, to_document, typed

from tests.auth.builders import ACCOUNT_ID, NOW, PERSON_ID

TAKE_OVER = TakeOver(epoch=4, device_kind="tablet", device_name={"alg": "x", "ciphertext": b"y"})
RECIPIENT = Recipient(
    account_id=ACCOUNT_ID, person_id=PERSON_ID, slot="phone", address="+84912345678", version=1, language="vi"
)


def challenge(subject: CodeSubject, **changes: object) -> Challenge[CodeSubject]:
    made = Challenge(
        challenge_id="c" * 32,
        subject=subject,
        slot="phone",
        account_id=ACCOUNT_ID,
        person_id=PERSON_ID,
        target_version=1,
        ends_at=NOW + timedelta(minutes=15),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("subject", [Activation(), TAKE_OVER])
def test_a_challenge_comes_back_from_its_document_as_it_was(subject: CodeSubject) -> None:
    before = challenge(subject, device_thumbprint="key")
    assert of_document(to_document(before)) == before


def test_every_subject_has_a_purpose_of_its_own() -> None:
    assert set(SUBJECTS.values()) == set(get_args(CodeSubject))
    assert set(SUBJECTS) <= set(get_args(CodePurpose))


@pytest.mark.sec("OTC-03")
def test_a_challenge_is_found_only_as_what_it_is_about() -> None:
    assert typed(challenge(TAKE_OVER), TakeOver) is not None
    assert typed(challenge(TAKE_OVER), Activation) is None


@pytest.mark.sec("OTC-08")
def test_a_code_for_a_take_over_cannot_go_out_by_e_mail() -> None:
    with pytest.raises(ValueError, match="OTC-08"):
        challenge(TAKE_OVER, slot="email")
    assert challenge(Activation(), slot="email").purpose == "activation"


@pytest.mark.sec("OTC-03")
@pytest.mark.parametrize("other", [{"account_id": "x"}, {"slot": "second_phone"}, {"version": 2}])
def test_a_challenge_is_for_one_version_of_one_contact(other: dict[str, object]) -> None:
    assert challenge(TAKE_OVER).is_for(RECIPIENT)
    assert not challenge(TAKE_OVER).is_for(replace(RECIPIENT, **other))  # type: ignore[arg-type]
