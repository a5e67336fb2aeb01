"""What can have happened to a participant's benefits. Types, versions and fields are stored for ever.

What was granted or paid is income, and may tell of an illness: it stands in one field marked `Personal`, which reads
`None` once the person is forgotten. Clear are ids, and the tab, which names the document a read model keeps.
"""

from typing import Annotated, ClassVar, Final

from ansinh_kit.events import OptionalPersonalText, Personal

from records.domain.benefits.benefit import Benefit, FormerBenefit, HeldBenefit, Payment, Stop
from records.domain.benefits.kinds import Tab
from records.domain.feeding.events import RowEvent, RowsMoved, RowsTakenOver


class BenefitEvent(RowEvent):
    """Base of all events of a participant's benefits."""


class BenefitGranted(BenefitEvent):
    """A benefit was decided on."""

    event_type: ClassVar[str] = "benefit_granted"

    benefit_id: str
    tab: Tab
    benefit: Annotated[Benefit | None, Personal()] = None


class BenefitCorrected(BenefitEvent):
    """From here on `benefit` stands; what stood before is read as of earlier moments."""

    event_type: ClassVar[str] = "benefit_corrected"

    benefit_id: str
    tab: Tab
    benefit: Annotated[Benefit | None, Personal()] = None


class BenefitPaid(BenefitEvent):
    """Something of the benefit was paid."""

    event_type: ClassVar[str] = "benefit_paid"

    benefit_id: str
    tab: Tab
    payment_id: str
    payment: Annotated[Payment | None, Personal()] = None


class BenefitPaymentCorrected(BenefitEvent):
    """From here on `payment` stands in place of the payment of that day and month."""

    event_type: ClassVar[str] = "benefit_payment_corrected"

    benefit_id: str
    tab: Tab
    payment_id: str
    payment: Annotated[Payment | None, Personal()] = None


class BenefitStopped(BenefitEvent):
    """The benefit ends."""

    event_type: ClassVar[str] = "benefit_stopped"

    benefit_id: str
    tab: Tab
    stop: Annotated[Stop | None, Personal()] = None


class BenefitStopCorrected(BenefitEvent):
    """From here on `stop` stands in place of the end that was said before."""

    event_type: ClassVar[str] = "benefit_stop_corrected"

    benefit_id: str
    tab: Tab
    stop: Annotated[Stop | None, Personal()] = None


class BenefitWithdrawn(BenefitEvent):
    """The benefit was never granted, or is another person's: from here on it does not stand, nor do its payments."""

    event_type: ClassVar[str] = "benefit_withdrawn"

    benefit_id: str
    tab: Tab
    reason: OptionalPersonalText = None


class BenefitPaymentWithdrawn(BenefitEvent):
    """The payment was never made, or not of this benefit: from here on it does not stand."""

    event_type: ClassVar[str] = "benefit_payment_withdrawn"

    benefit_id: str
    tab: Tab
    payment_id: str
    reason: OptionalPersonalText = None


class BenefitStopWithdrawn(BenefitEvent):
    """The end was said by mistake: from here on the benefit goes on."""

    event_type: ClassVar[str] = "benefit_stop_withdrawn"

    benefit_id: str
    tab: Tab
    reason: OptionalPersonalText = None


class BenefitsMoved(BenefitEvent, RowsMoved):
    """The participant was found to be another one, `to`, who takes the benefits over. Nothing follows here."""

    event_type: ClassVar[str] = "benefits_moved"

    tabs: tuple[Tab, ...]


class BenefitsTakenOver(BenefitEvent, RowsTakenOver):
    """The benefits of `from_participant`, a duplicate of this participant, stand here from now on.

    `former` is what stood there no more. Version 1 did not carry it.
    """

    event_type: ClassVar[str] = "benefits_taken_over"
    schema_version: ClassVar[int] = 2

    tabs: tuple[Tab, ...]
    benefits: Annotated[tuple[HeldBenefit, ...] | None, Personal()] = None
    former: Annotated[tuple[FormerBenefit, ...] | None, Personal()] = None


RecordedBenefitEvent = (
    BenefitGranted
    | BenefitCorrected
    | BenefitPaid
    | BenefitPaymentCorrected
    | BenefitStopped
    | BenefitStopCorrected
    | BenefitWithdrawn
    | BenefitPaymentWithdrawn
    | BenefitStopWithdrawn
    | BenefitsMoved
    | BenefitsTakenOver
)
BENEFIT_EVENTS: Final[tuple[type[BenefitEvent], ...]] = (
    BenefitGranted,
    BenefitCorrected,
    BenefitPaid,
    BenefitPaymentCorrected,
    BenefitStopped,
    BenefitStopCorrected,
    BenefitWithdrawn,
    BenefitPaymentWithdrawn,
    BenefitStopWithdrawn,
    BenefitsMoved,
    BenefitsTakenOver,
)
