"""Random commands in random order against a simple model: the decider never does what the model forbids."""

from collections.abc import Sequence

from ansinh_kit.errors import DomainError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from registration.domain.declaration import commands as asked
from registration.domain.declaration.commands import DeclarationCommand, Officer
from registration.domain.declaration.decide import declaration_decider
from registration.domain.declaration.state import Declaration, DeclarationEvent
from registration.domain.photos import PHOTO_KINDS, PhotoKind
from registration.domain.reasons import Reason

from tests.registration import builders as b

officers = st.sampled_from([b.OFFICER, b.COLLEAGUE, b.STRANGER])
names = st.sampled_from(["Nguyễn Văn Mẫu", "Trần Thị Thử", "Lê Văn Khác"])
phones = st.sampled_from(["0900000018", "0900000026"])


class DeclarationMachine(RuleBasedStateMachine):
    """The model: who holds the declaration, whether it was decided, and what may still change."""

    def __init__(self) -> None:
        super().__init__()
        self.state = Declaration()
        self.history: list[DeclarationEvent] = []
        self.phase = "absent"
        self.holder: Officer | None = None
        self.open_fields: frozenset[str] = frozenset()
        self.dossier_numbers: set[str] = set()
        self.attached = 0

    def ask(self, command: DeclarationCommand) -> Sequence[DeclarationEvent] | DomainError:
        try:
            events = declaration_decider.decide(command, self.state)
        except DomainError as refusal:
            return refusal
        self.history.extend(events)
        self.state = declaration_decider.fold(list(events), self.state)
        return events

    @rule()
    def start(self) -> None:
        answer = self.ask(
            asked.StartDeclaration(
                declaration_id="d" * 32, person_id="e" * 32, token_hash="f" * 64, language="vi", at=b.AT
            )
        )
        assert isinstance(answer, DomainError) == (self.phase != "absent")
        if self.phase == "absent":
            self.phase = "draft"

    @rule(name=names, phone=phones)
    def fill_in(self, name: str, phone: str) -> None:
        new = b.form(full_name=name, phone=phone)
        changed = new.changed_since(self.state.form)
        answer = self.ask(asked.FillInForm(form=new, at=b.AT))
        allowed = self.phase == "draft" or (self.phase == "rejected" and changed <= self.open_fields)
        assert isinstance(answer, DomainError) != allowed
        if allowed:
            assert self.state.form == new

    @rule(kind=st.sampled_from(PHOTO_KINDS), mark=st.sampled_from("abc"))
    def attach(self, kind: PhotoKind, mark: str) -> None:
        answer = self.ask(b.attach(kind, mark))
        open_ = self.phase == "draft" or (self.phase == "rejected" and kind in self.open_fields)
        allowed = open_ and self.attached < 10
        assert isinstance(answer, DomainError) != allowed
        self.attached += allowed

    @rule(number=st.sampled_from([b.DOSSIER, "00019/2026/06601"]), other=st.sampled_from([None, None, "0" * 32]))
    def submit(self, number: str, other: str | None) -> None:
        complete = not self.state.missing()
        answer = self.ask(
            asked.SubmitDeclaration(
                dossier_number=number, due_at=b.DUE, open_declaration_id=other, names=b.NAMES, at=b.AT
            )
        )
        allowed = self.phase == "draft" and complete and other is None
        assert isinstance(answer, DomainError) != allowed
        if allowed:
            self.phase = "waiting"
            self.dossier_numbers.add(number)

    @rule(officer=officers)
    def claim(self, officer: Officer) -> None:
        answer = self.ask(b.claim(officer))
        free = self.phase == "waiting" or (self.phase == "checking" and self.holder == officer)
        allowed = free and officer.agency_code == b.AGENCY
        assert isinstance(answer, DomainError) != allowed
        if allowed:
            self.phase, self.holder = "checking", officer

    @rule(officer=officers)
    def release(self, officer: Officer) -> None:
        answer = self.ask(b.release(officer))
        allowed = self.phase == "checking" and self.holder == officer
        assert isinstance(answer, DomainError) != allowed
        if allowed:
            self.phase, self.holder = "waiting", None

    @rule(officer=officers, fields=st.sets(st.sampled_from(["full_name", "phone", "portrait", "agency_code"])))
    def reject(self, officer: Officer, fields: set[str]) -> None:
        reasons: list[Reason] = [b.reason(field) for field in sorted(fields)]
        answer = self.ask(b.reject(*reasons, officer=officer))
        decidable = self.phase == "checking" and self.holder == officer
        allowed = decidable and bool(fields) and "agency_code" not in fields
        assert isinstance(answer, DomainError) != allowed
        if allowed:
            self.phase, self.holder, self.open_fields = "rejected", None, frozenset(fields)

    @rule(officer=officers)
    def find_valid(self, officer: Officer) -> None:
        answer = self.ask(b.find_valid(officer))
        allowed = self.phase == "checking" and self.holder == officer
        assert isinstance(answer, DomainError) != allowed
        if allowed:
            self.phase = "valid"

    @rule()
    def resubmit(self) -> None:
        corrected = self.open_fields <= self.state.changed_since_rejection()
        answer = self.ask(b.resubmit())
        allowed = self.phase == "rejected" and corrected
        assert isinstance(answer, DomainError) != allowed
        if allowed:
            self.phase, self.open_fields = "waiting", frozenset()

    @rule()
    def withdraw(self) -> None:
        answer = self.ask(b.withdraw())
        allowed = self.phase in ("draft", "waiting", "checking")
        assert isinstance(answer, DomainError) != allowed
        if allowed:
            self.phase, self.holder = "withdrawn", None

    @invariant()
    def the_state_is_the_fold_of_the_history(self) -> None:
        assert declaration_decider.fold(self.history) == self.state

    @invariant()
    def a_declaration_has_one_dossier_number_for_life(self) -> None:
        assert len(self.dossier_numbers) <= 1
        assert self.state.dossier_number in {None, *self.dossier_numbers}

    @invariant()
    def decided_once_per_round(self) -> None:
        kinds = [event.event_type for event in self.history]
        assert kinds.count("declaration_found_valid") <= 1
        assert kinds.count("declaration_rejected") <= 1 + kinds.count("declaration_resubmitted")


DeclarationMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestDeclarationMachine = DeclarationMachine.TestCase
