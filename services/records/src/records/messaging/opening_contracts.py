"""What others are told of reads by staff: who read which part of whose record, and nothing of what stood there."""

from ansinh_contracts import records as contracts

from records.domain.opening.events import RecordReadByStaff


def reading_contract(event: RecordReadByStaff) -> contracts.RecordReadByStaffV1:
    return contracts.RecordReadByStaffV1(
        participant_id=event.participant_id,
        occurred_at=event.occurred_at,
        opening_id=event.opening_id,
        officer_id=event.officer_id,
        agency_code=event.agency_code,
        part=event.part,
    )
