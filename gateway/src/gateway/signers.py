"""Whose keys speak to which service; the newest of them can be changed while requests are under way."""

from collections.abc import Mapping

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.http.assertion import AssertionIssuer, Caller
from ansinh_kit.key_list import KeyList


class Signers:
    """One signer for each service, with keys that no other service knows."""

    def __init__(self, keys: Mapping[str, KeyList], *, clock: Clock, ids: IdGenerator, own_name: str) -> None:
        self._clock = clock
        self._ids = ids
        self._own_name = own_name
        self._issuers: dict[str, AssertionIssuer] = {}
        self.replace(keys)

    def replace(self, keys: Mapping[str, KeyList]) -> None:
        """Sign with the newest of these from now on; services take both while they rotate (SES-08)."""
        self._issuers = {service: AssertionIssuer(list_, clock=self._clock) for service, list_ in keys.items()}

    def of(self, service: str) -> AssertionIssuer:
        return self._issuers[service]

    def own(self) -> str:
        """Return the proof that the gateway itself is asking auth."""
        caller = Caller(kind="service", account_id=self._own_name, request_id=self._ids.new_id())
        return self._issuers["auth"].issue(caller, audience="auth")
