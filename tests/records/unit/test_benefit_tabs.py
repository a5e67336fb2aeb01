"""Benefits in their tabs as they are read: as of any moment what stood then, payments and stops included."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import pytest
from ansinh_kit.database import Document
from hypothesis import given
from hypothesis import strategies as st
from records.domain.benefits.benefit import HeldBenefit
from records.domain.benefits.commands import BenefitCommand
from records.domain.benefits.decide import benefit_decider
from records.domain.benefits.kinds import TABS
from records.projections.benefits import BenefitTabs, benefits_at, tab_key

from tests.records import rows
from tests.records.row_commands import grant, pay, stop, withdraw_benefit, withdraw_payment, withdraw_stop
from tests.records.row_logs import delivered, folded, log_of

PID: Final = rows.PARTICIPANT

BENEFIT_OF = st.builds(
    lambda number, amount: rows.benefit("pension" if number == 1 else "lump_sum", amount=str(amount)),
    st.integers(1, 2),
    st.integers(1, 2),
)
BENEFIT_COMMANDS = st.lists(
    st.one_of(
        st.builds(
            lambda benefits, correction: grant(*benefits, correction=correction),
            st.lists(BENEFIT_OF, max_size=2),
            st.booleans(),
        ),
        st.builds(
            lambda day, amount, correction: pay(
                {"paid_on": f"0{day}/06/2022", "amount": amount}, correction=correction
            ),
            st.integers(1, 3),
            st.sampled_from(["1", "2"]),
            st.booleans(),
        ),
        st.builds(
            lambda day, correction: stop({"stopped_on": f"0{day}/08/2024"}, correction=correction),
            st.integers(1, 2),
            st.booleans(),
        ),
        st.builds(lambda kind: withdraw_benefit(benefit_id(kind)), st.sampled_from(["pension", "lump_sum"])),
        st.builds(lambda day: withdraw_payment(benefit_id("pension"), payment_id(day)), st.integers(1, 3)),
        st.builds(lambda: withdraw_stop(benefit_id("pension"))),
    ),
    max_size=7,
)


def benefit_id(kind: str) -> str:
    (event,) = benefit_decider.decide(grant(rows.benefit(kind)), benefit_decider.initial)
    return str(getattr(event, "benefit_id"))  # noqa: B009


def payment_id(day: int) -> str:
    granted = benefit_decider.fold(benefit_decider.decide(grant(rows.benefit()), benefit_decider.initial))
    (event,) = benefit_decider.decide(pay({"paid_on": f"0{day}/06/2022"}), granted)
    return str(getattr(event, "payment_id"))  # noqa: B009


@pytest.mark.req("S-37")
@given(BENEFIT_COMMANDS, st.lists(st.integers(0, 7), max_size=3))
def test_the_tabs_say_of_every_moment_what_stood_then(commands: list[BenefitCommand], steps_back: list[int]) -> None:
    log, tabs = log_of(benefit_decider, commands), BenefitTabs()
    documents = folded(tabs, log)
    assert delivered(tabs, log, steps_back) == documents
    for minute in range(len(commands) + 1):
        moment = rows.NOW + timedelta(minutes=minute)
        then = benefit_decider.fold([each.event for each in log if each.recorded_at <= moment])  # type: ignore[misc]
        assert _seen(documents, moment, also_withdrawn=True) == dict(then.held)


@given(BENEFIT_COMMANDS)
def test_of_what_was_withdrawn_the_tabs_say_nothing_whatever_moment_is_asked_about(
    commands: list[BenefitCommand],
) -> None:
    log = log_of(benefit_decider, commands)
    documents, now = folded(BenefitTabs(), log), benefit_decider.fold([each.event for each in log])  # type: ignore[misc]
    gone = now.withdrawn - now.held.keys()
    payments_left = {payment_id for held in now.held.values() for payment_id in held.payments}
    for minute in range(len(commands) + 1):
        moment = rows.NOW + timedelta(minutes=minute)
        shown, everything = (_seen(documents, moment, also_withdrawn=too) for too in (False, True))
        assert not gone & shown.keys()
        assert everything.keys() - shown.keys() <= now.withdrawn
        for benefit_id, held in shown.items():
            assert held.payments.keys() <= payments_left
            assert held.model_copy(update={"payments": {}}) == everything[benefit_id].model_copy(
                update={"payments": {}}
            )


def _seen(documents: Mapping[str, Document], moment: datetime, *, also_withdrawn: bool) -> dict[str, HeldBenefit]:
    return {
        each.row.row_id: each.held
        for tab in TABS
        for each in benefits_at(documents.get(tab_key(PID, tab)), moment, also_withdrawn=also_withdrawn)
    }


def test_a_benefit_that_comes_back_after_its_withdrawal_has_none_of_its_payments() -> None:
    pension = rows.benefit()
    commands = [grant(pension), pay({}), withdraw_benefit(benefit_id("pension")), grant(pension, correction=True)]
    documents = folded(BenefitTabs(), log_of(benefit_decider, commands))
    (seen,) = benefits_at(documents[tab_key(PID, "monthly")], None)
    assert (seen.held.benefit, seen.payments) == (pension, ())
