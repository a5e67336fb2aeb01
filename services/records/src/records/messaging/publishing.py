"""From domain events to what other services may build on. What is not listed here stays inside."""

from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent


def to_contract(recorded: RecordedEvent) -> IntegrationEvent | None:
    """Return the integration event for a domain event; `None` if it concerns nobody else."""
    del recorded
    return None
