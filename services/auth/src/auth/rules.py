"""Limits and secret keys of the service, as one value. The defaults are those of the security statements."""

from dataclasses import dataclass, field
from datetime import timedelta

from ansinh_kit.key_list import KeyList

from auth.domain.consent import Terms
from auth.domain.device_proofs import ProofRules
from auth.domain.one_time_codes import CodeRules
from auth.domain.passkeys import PasskeyRules
from auth.domain.passwords import PasswordRules
from auth.domain.recoveries import RecoveryRules
from auth.handlers.activation_started import ActivationLimits
from auth.handlers.code_door import CodeDoorRules
from auth.handlers.contact_changes import ContactChangeLimits
from auth.handlers.e_id_rounds import RoundRules
from auth.handlers.integrator_tokens import TokenLimits
from auth.handlers.log_in_guard import GuessLimits
from auth.handlers.objections import ObjectionLimits
from auth.storage.session_lookup import Lifetimes
from auth.storage.terms_of_use import read_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What beginning a recovery costs whoever begins one: 18 bits are a second on a phone."""

    difficulty_bits: int = 18
    lifetime: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything the use cases are set with."""

    peppers: KeyList
    code_keys: KeyList
    passwords: PasswordRules
    codes: CodeRules
    lifetimes: Lifetimes
    guesses: GuessLimits
    tokens: TokenLimits = field(default_factory=TokenLimits)
    activation: ActivationLimits
    code_door: CodeDoorRules = field(default_factory=CodeDoorRules)
    proofs: ProofRules
    passkeys: PasskeyRules
    e_id: RoundRules = field(default_factory=RoundRules)
    recovery: RecoveryRules = field(default_factory=RecoveryRules)
    work: Work = field(default_factory=Work)
    contact_changes: ContactChangeLimits = field(default_factory=ContactChangeLimits)
    objections: ObjectionLimits = field(default_factory=ObjectionLimits)
    terms: tuple[Terms, ...] = field(default_factory=read_terms)
