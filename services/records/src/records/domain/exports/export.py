"""An export: made once, then only looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from ansinh_kit.decider import Decider

from records.domain.exports.errors import ExportAlreadyMadeError
from records.domain.exports.events import ExportMade


@dataclass(frozen=True, slots=True)
class MakeExport:
    """Record that the file was made."""

    made: ExportMade


@dataclass(frozen=True, slots=True)
class Export:
    made: ExportMade | None = None


def decide(command: MakeExport, state: Export) -> Sequence[ExportMade]:
    if state.made is not None:
        raise ExportAlreadyMadeError
    return [command.made]


def evolve(state: Export, event: ExportMade) -> Export:
    del state
    return Export(event)


export_decider: Decider[MakeExport, Export, ExportMade] = Decider(initial=Export(), decide=decide, evolve=evolve)
