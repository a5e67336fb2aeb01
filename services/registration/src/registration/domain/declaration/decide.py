"""What is allowed, and what then has happened. Pure: every fact from outside comes with the command."""

from typing import assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.events import EventRegistry

from registration.domain.declaration import commands as asked
from registration.domain.declaration import decide_for_declarant as declarant
from registration.domain.declaration import decide_for_officer as officer
from registration.domain.declaration import decide_for_system as system
from registration.domain.declaration.commands import DeclarationCommand
from registration.domain.declaration.errors import DeclarationNotFoundError
from registration.domain.declaration.events import DECLARATION_EVENTS
from registration.domain.declaration.state import Declaration, DeclarationEvent, evolve


def decide(command: DeclarationCommand, state: Declaration) -> list[DeclarationEvent]:
    """Return what has happened, or raise the refusal. An empty list: nothing to do, it already is as asked."""
    match command:
        case asked.StartDeclaration():
            return declarant.start(command, state)
        case asked.ForgetDeclaration() if state.status == "absent":
            return []
        case _ if state.status == "absent":
            raise DeclarationNotFoundError
        case (
            asked.ForgetDeclaration()
            | asked.NoticeDuplicate()
            | asked.NoteAccountOpened()
            | asked.NoteAccountActivated()
        ):
            return system.decide(command, state)
        case _ if state.status == "forgotten":
            raise DeclarationNotFoundError
        case asked.FillInForm() | asked.AttachPhoto() | asked.WithdrawDeclaration():
            return declarant.change(command, state)
        case asked.SubmitDeclaration() | asked.ResubmitDeclaration() | asked.SetDeclarationAside():
            return declarant.send(command, state)
        case (
            asked.ClaimDeclaration()
            | asked.ReleaseDeclaration()
            | asked.RejectDeclaration()
            | asked.FindDeclarationValid()
        ):
            return officer.decide(command, state)
        case _:
            assert_never(command)


declaration_decider: Decider[DeclarationCommand, Declaration, DeclarationEvent] = Decider(
    initial=Declaration(), decide=decide, evolve=evolve
)
declaration_events = EventRegistry.of(DECLARATION_EVENTS)
