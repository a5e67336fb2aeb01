"""What a command about benefits did with each of its rows, told from what it recorded."""

from collections.abc import Iterable, Sequence

from ansinh_kit.events import DomainEvent

from records.domain.benefits import events as happened
from records.domain.benefits.commands import GrantBenefits, PayBenefits, StopBenefits
from records.domain.benefits.judge import judge_grants, judge_payments, judge_stops
from records.domain.benefits.state import Benefits
from records.domain.feeding.outcome import Made, RowOutcome, told_after


def grant_outcomes(command: GrantBenefits, events: Sequence[DomainEvent], after: Benefits) -> list[RowOutcome]:
    """Return what became of each row, from what the command recorded and the state after it."""
    return told_after(judge_grants(command, after), _made(events))


def payment_outcomes(command: PayBenefits, events: Sequence[DomainEvent], after: Benefits) -> list[RowOutcome]:
    """Return what became of each row, from what the command recorded and the state after it."""
    return told_after(judge_payments(command, after), _made(events))


def stop_outcomes(command: StopBenefits, events: Sequence[DomainEvent], after: Benefits) -> list[RowOutcome]:
    """Return what became of each row, from what the command recorded and the state after it."""
    return told_after(judge_stops(command, after), _made(events))


def _made(events: Sequence[DomainEvent]) -> Iterable[Made]:
    for event in events:
        match event:
            case happened.BenefitGranted():
                yield Made(event.benefit_id, event.benefit, "recorded")
            case happened.BenefitCorrected():
                yield Made(event.benefit_id, event.benefit, "corrected")
            case happened.BenefitPaid():
                yield Made(event.payment_id, (event.payment_id, event.payment), "recorded")
            case happened.BenefitPaymentCorrected():
                yield Made(event.payment_id, (event.payment_id, event.payment), "corrected")
            case happened.BenefitStopped():
                yield Made(event.benefit_id, (event.benefit_id, event.stop), "recorded")
            case happened.BenefitStopCorrected():
                yield Made(event.benefit_id, (event.benefit_id, event.stop), "corrected")
            case _:
                continue
