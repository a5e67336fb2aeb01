from dataclasses import replace
from datetime import timedelta

import pytest
from ansinh_contracts.auth import CodePurpose
from ansinh_kit.throttling.rules import Attempts, Wait
from auth.domain.one_time_codes import CodeBinding, CodeRules
from auth.domain.recipients import masked_email, masked_phone

from tests.auth.builders import NOW

rules = CodeRules()
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
binding = CodeBinding(challenge_id="c", account_id="a", purpose="take_over", target_version=1)


@pytest.mark.sec("LIM-06")
@pytest.mark.parametrize(
    ("handed_over_after", "good_at", "dead_at"),
    [
        (0 * MINUTE, 5 * MINUTE - SECOND, 5 * MINUTE + SECOND),
        (8 * MINUTE, 10 * MINUTE - SECOND, 10 * MINUTE + SECOND),
        (None, 10 * MINUTE - SECOND, 10 * MINUTE + SECOND),
    ],
)
def test_a_code_lives_five_minutes_from_hand_over_and_never_past_ten_from_creation(
    handed_over_after: timedelta | None, good_at: timedelta, dead_at: timedelta
) -> None:
    handed_over_at = None if handed_over_after is None else NOW + handed_over_after
    expires_at = rules.expires_at(purpose="take_over", channel="sms", created_at=NOW, handed_over_at=handed_over_at)
    assert NOW + good_at < expires_at < NOW + dead_at


@pytest.mark.sec("LIM-06")
def test_a_carriers_clock_that_runs_behind_does_not_shorten_the_life() -> None:
    early = rules.expires_at(purpose="take_over", channel="sms", created_at=NOW, handed_over_at=NOW - 60 * MINUTE)
    assert early == NOW + 5 * MINUTE


@pytest.mark.sec("LIM-21")
def test_an_activation_code_lives_ten_minutes_whenever_it_was_handed_over() -> None:
    assert (
        rules.expires_at(purpose="activation", channel="sms", created_at=NOW, handed_over_at=NOW) == NOW + 10 * MINUTE
    )


@pytest.mark.sec("LIM-21")
def test_a_code_by_e_mail_lives_a_day_whenever_it_was_handed_over() -> None:
    expires_at = rules.expires_at(purpose="recovery", channel="email", created_at=NOW, handed_over_at=NOW)
    assert expires_at == NOW + timedelta(hours=24)


@pytest.mark.sec("LIM-09")
def test_a_code_is_sent_again_after_30_60_120_and_then_every_300_seconds() -> None:
    waits = []
    for sendings in range(1, 7):
        at = rules.next_sending_at(sendings=sendings, last_sent_at=NOW)
        assert at is not None
        waits.append((at - NOW).total_seconds())
    assert waits == [30, 60, 120, 300, 300, 300]
    assert rules.next_sending_at(sendings=0, last_sent_at=None) is None


@pytest.mark.sec("LIM-09")
@pytest.mark.parametrize(("spacing", "allowed", "until"), [(MINUTE, 5, 15 * MINUTE), (20 * MINUTE, 10, 1440 * MINUTE)])
def test_five_codes_in_fifteen_minutes_and_ten_in_a_day(spacing: timedelta, allowed: int, until: timedelta) -> None:
    attempts = Attempts()
    for number in range(allowed):
        outcome = rules.budget.admit(attempts, NOW + number * spacing)
        assert isinstance(outcome, Attempts)
        attempts = outcome
    assert rules.budget.admit(attempts, NOW + allowed * spacing) == Wait(NOW + until)
    assert isinstance(rules.budget.admit(attempts, NOW + until), Attempts)


@pytest.mark.sec("LIM-08")
def test_the_limit_of_wrong_codes_in_a_row_cannot_be_set_above_a_hundred() -> None:
    assert CodeRules(wrong_in_a_row=100).wrong_in_a_row == 100
    with pytest.raises(ValueError, match="LIM-08"):
        CodeRules(wrong_in_a_row=101)


@pytest.mark.sec("OTC-01")
def test_leading_zeros_are_part_of_the_code() -> None:
    assert rules.format_code(42) == "000042"


@pytest.mark.sec("OTC-03")
@pytest.mark.sec("SEC-48")
@pytest.mark.parametrize(
    "other",
    [
        replace(binding, challenge_id="x"),
        replace(binding, account_id="x"),
        replace(binding, purpose="activation"),
        replace(binding, target_version=2),
        replace(binding, device_thumbprint="x"),
    ],
)
def test_a_code_is_bound_to_challenge_account_purpose_version_of_the_phone_and_device(other: CodeBinding) -> None:
    assert binding.mac(b"k", "123456") != other.mac(b"k", "123456")


def test_the_stored_form_depends_on_the_key_and_the_code() -> None:
    purposes: tuple[CodePurpose, ...] = ("take_over",)
    assert binding.purpose in purposes
    assert len({binding.mac(b"k", "123456"), binding.mac(b"l", "123456"), binding.mac(b"k", "123457")}) == 3


def test_a_masked_phone_shows_its_last_three_digits_only() -> None:
    assert masked_phone("+84912345678") == "••• ••• 678"


def test_a_masked_address_shows_its_first_letter_and_its_domain_only() -> None:
    assert masked_email("hoa.nguyen@thu.example.vn") == "h•••@thu.example.vn"
