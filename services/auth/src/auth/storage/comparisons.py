"""How often a secret was compared: what the limits on guessing are held to (OTC-06)."""

from ansinh_contracts.auth import CodePurpose
from prometheus_client import CollectorRegistry, Counter


class Comparisons:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._passwords = Counter("auth_password_comparisons", "Passwords compared with a hash", registry=registry)
        self._codes = Counter(
            "auth_code_comparisons", "One-time codes compared with the stored one", ["purpose"], registry=registry
        )

    def of_password(self) -> None:
        self._passwords.inc()

    def of_code(self, purpose: CodePurpose) -> None:
        self._codes.labels(purpose).inc()
