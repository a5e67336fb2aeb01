"""Files of contribution rows: what employers and agencies send each month, or a whole history at once."""

from typing import Final

from records.domain.bulk.cells import amount, code, month, one_of, text
from records.domain.bulk.columns import Column, Columns, Values
from records.domain.bulk.refusals import Refusal
from records.domain.bulk.rules import IN_THE_FUTURE, REVERSED
from records.domain.kind import KINDS
from records.domain.month import Month

SOCIAL_INSURANCE_NUMBER: Final = code(r"[0-9]{10}")
CITIZEN_NUMBER: Final = code(r"[0-9]{12}")
ACTION: Final = one_of(("record", "correct"))
NUMBERS: Final = ("social_insurance_number", "citizen_number")

CONTRIBUTION_COLUMNS: Final = Columns(
    (
        Column("social_insurance_number", SOCIAL_INSURANCE_NUMBER),
        Column("citizen_number", CITIZEN_NUMBER),
        Column("action", ACTION),
        Column("kind", one_of(KINDS), required=True),
        Column("from_month", month, required=True),
        Column("to_month", month, required=True),
        Column("status", one_of(("paid", "unpaid", "reserved"))),
        Column("employer_code", code(r"[A-Z0-9]{7}"), required=True),
        Column("employer_name", text(200), required=True),
        Column("workplace", text(200)),
        Column("occupation", text(200), required=True),
        Column("position", text(200)),
        Column("title", text(200)),
        Column("value", amount, required=True),
        Column("currency", one_of(("VND", "USD"))),
        Column("position_allowance", amount),
        Column("over_frame_seniority_allowance", amount),
        Column("professional_seniority_allowance", amount),
        Column("wage_allowance", amount),
        Column("additional_payments", amount),
        Column("movement_code", code(r"[A-Z]{2}")),
        Column("contract", text(200)),
        Column("note", text(500)),
    ),
    one_of=NUMBERS,
)


def months_refusals(values: Values, line: int, *, current: Month) -> list[Refusal]:
    """Return what is wrong between the two months of a row, and with both against the month it is now."""
    first, last = values["from_month"], values["to_month"]
    if first > last:
        return [Refusal(line, REVERSED, "to_month")]
    if last > current:
        return [Refusal(line, IN_THE_FUTURE, "to_month")]
    return []
