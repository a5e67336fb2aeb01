"""The service in this process: production wiring over a real database, a clock that stands still, and no broker."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ansinh_contracts.auth import SecretMessageV1
from ansinh_contracts.notifications import (
    MessageAcceptedV1,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageHeldBackV1,
)
from ansinh_contracts.publications import SECRETS
from ansinh_contracts.registration import AccountHolder, DeclarationValidV1
from ansinh_contracts.session_check import SESSION_CHECK_PATH, hash_token
from ansinh_kit.clock import RandomIds
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import RecordedEvent
from ansinh_kit.http.assertion import AssertionIssuer, Caller
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.envelope import open_event, read_envelope
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.messaging.secret_queue import SecretPublisher
from ansinh_kit.mongo import Database
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.personal_data.sealing import Opener, Sealer, public_keys_of
from ansinh_kit.reservations import MongoReservations
from ansinh_kit.testing.asgi_client import AsgiClient, HttpAnswer
from ansinh_kit.testing.callers import a_citizen, a_guest, a_service
from ansinh_kit.testing.clock import FixedClock
from ansinh_kit.testing.edge import in_memory_edge
from auth.app import SERVICE, http_app
from auth.domain.common_passwords import common_passwords
from auth.domain.device_proofs import ProofRules
from auth.domain.one_time_codes import CodeRules
from auth.domain.passkeys import PasskeyRules
from auth.domain.passwords import PasswordRules
from auth.events import EVENTS
from auth.handlers.activation_started import ActivationLimits
from auth.handlers.log_in_guard import GuessLimits
from auth.providers.port import IdentityProvider, NoIdentityProvider
from auth.rules import Rules, Work
from auth.shared_parts import Surroundings
from auth.storage.password_hashing import HashingPool
from auth.storage.session_lookup import Lifetimes
from auth.use_cases import UseCases, build_use_cases
from pyotp.totp import TOTP

from tests.auth.authenticator import DOMAIN, ORIGIN
from tests.auth.builders import PASSWORD
from tests.auth.device_keys import BASE, DeviceKey

NUMBER = "0123456789"
DOSSIER = "06601-2026-000001"
PHONE = "+84912345678"
PHONE_DEVICE = {"kind": "phone", "name": "Điện thoại của Hoa"}
TABLET = {"kind": "tablet", "name": "Máy tính bảng"}
STAFF_PASSWORD = "cổng làng có cây đa già"
COMMON = common_passwords()


def keys(letter: str) -> KeyList:
    return KeyList((NamedKey("test", letter.encode() * 32),))


NOTIFICATIONS_KEY = keys("s")


class CapturedSecrets(SecretPublisher):
    """Seals as the real one; what it hands over is kept instead of published."""

    def __init__(self, clock: FixedClock) -> None:
        sealer = Sealer({"notifications": public_keys_of(NOTIFICATIONS_KEY)})
        super().__init__(Broker("amqp://127.0.0.1:1/", name="nobody"), SECRETS, sealer=sealer, clock=clock)
        self.published: list[bytes] = []

    async def publish_sealed(self, sealed: bytes, *, message_id: str, expires_at: datetime) -> None:
        del message_id, expires_at
        self.published.append(sealed)

    def messages(self) -> list[SecretMessageV1]:
        """Return what notifications would read."""
        opener = Opener("notifications", NOTIFICATIONS_KEY)
        events = [open_event(read_envelope(sealed), SecretMessageV1, opener) for sealed in self.published]
        return [event for event in events if isinstance(event, SecretMessageV1)]


@dataclass
class AuthService:
    database: Database
    clock: FixedClock = field(default_factory=lambda: FixedClock(datetime.now(UTC).replace(microsecond=0)))
    metrics: Metrics = field(default_factory=lambda: Metrics(SERVICE))
    keyring: InMemoryKeyring = field(default_factory=InMemoryKeyring)
    guesses: GuessLimits = field(default_factory=GuessLimits)
    codes: CodeRules = field(default_factory=CodeRules)
    activation_seconds: float = 0.0
    identity_provider: IdentityProvider = field(default_factory=NoIdentityProvider)
    log: InMemoryCommitLog = field(init=False)
    store: EventStore = field(init=False)
    secrets: CapturedSecrets = field(init=False)
    pool: HashingPool = field(init=False)
    use_cases: UseCases = field(init=False)
    client: AsgiClient = field(init=False)

    def __post_init__(self) -> None:
        self.log = InMemoryCommitLog(self.clock)
        cipher = PersonalDataCipher(self.keyring)
        self.store = EventStore(self.log, JsonCodec(EVENTS, cipher))
        self.secrets = CapturedSecrets(self.clock)
        self.pool = HashingPool(threads=8, wait_seconds=30)
        surroundings = Surroundings(
            database=self.database,
            store=self.store,
            reservations=MongoReservations(self.database, clock=self.clock),
            cipher=cipher,
            blind_index=BlindIndex(keys("b")),
            carrier=self.secrets,
            clock=self.clock,
            ids=RandomIds(),
            registry=self.metrics.registry,
            identity_provider=self.identity_provider,
        )
        self.use_cases = build_use_cases(surroundings, self._rules(), self.pool)
        self.edge = in_memory_edge(SERVICE, keys=keys("a"), clock=self.clock, metrics=self.metrics)
        self.app = http_app(
            self.use_cases,
            self.edge,
            clock=self.clock,
            log=self.log,
            pace=EvenPace(self.activation_seconds),
        )
        self.client = AsgiClient(self.app, issuer=AssertionIssuer(keys("a"), clock=self.clock), audience=SERVICE)

    def _rules(self) -> Rules:
        return Rules(
            peppers=keys("p"),
            code_keys=keys("c"),
            passwords=PasswordRules(common=COMMON),
            codes=self.codes,
            lifetimes=Lifetimes(),
            guesses=self.guesses,
            activation=ActivationLimits(),
            work=Work(difficulty_bits=2),
            proofs=ProofRules(bases=(BASE,)),
            passkeys=PasskeyRules(domain=DOMAIN, origins=(ORIGIN,)),
        )

    # What others say

    async def hear(self, event: IntegrationEvent, *, event_id: str = "event-1") -> None:
        incoming = IncomingEvent(
            event=event,
            event_id=event_id,
            stream_id="stream",
            stream_version=1,
            position=1,
            occurred_at=self.clock.now(),
            correlation_id="story-1",
            causation_id=None,
        )
        reports = self.use_cases.message_reports
        hears: dict[type[IntegrationEvent], Callable[[IncomingEvent], Awaitable[None]]] = {
            DeclarationValidV1: self.use_cases.activation.open_accounts.declaration_valid,
            MessageAcceptedV1: reports.message_accepted,
            MessageDeliveredV1: reports.message_delivered,
            MessageHeldBackV1: reports.message_held_back,
            MessageFailedV1: reports.message_failed,
        }
        await hears[type(event)](incoming)

    async def open_account(self, **changes: object) -> str:
        """Let a declaration be found valid; return the account's id."""
        event = declaration_valid(**changes)
        await self.hear(event, event_id=f"valid-{event.declaration_id}")
        await self.send_secrets()
        return await self.account_id()

    async def account_id(self, number: str = NUMBER) -> str:
        identities = self.use_cases.stored.identities
        found = await identities.find_account(identities.of_insurance_number(number))
        assert found is not None
        return found

    # What people do

    async def post(
        self,
        path: str,
        body: object = None,
        *,
        caller: Caller | None = None,
        address: str = "203.0.113.1",
        proof: str | None = None,
    ) -> HttpAnswer:
        headers = {"X-Forwarded-For": address} | ({} if proof is None else {"DPoP": proof})
        return await self.client.request("POST", path, caller=caller or a_guest(), json_body=body, headers=headers)

    def proof(self, device: DeviceKey, method: str, path: str, *, token: str | None = None) -> str:
        """Return what the device signs for this one request."""
        nonce = self.use_cases.factors.proofs.new_nonce().nonce
        return device.proof(method, path, now=self.clock.now(), nonce=nonce, token=token)

    async def log_in(
        self,
        *,
        user_name: str = NUMBER,
        password: str = PASSWORD,
        device: dict[str, str] | None = None,
        address: str = "203.0.113.1",
        key: DeviceKey | None = None,
    ) -> HttpAnswer:
        body = {"user_name": user_name, "password": password, "device": device or PHONE_DEVICE}
        proof = None if key is None else self.proof(key, "POST", "/v1/sessions")
        return await self.post("/v1/sessions", body, address=address, proof=proof)

    async def start_activation(
        self, number: str = NUMBER, dossier: str = DOSSIER, *, address: str = "203.0.113.1", **more: str
    ) -> HttpAnswer:
        body = {"social_insurance_number": number, "dossier_number": dossier, **more}
        return await self.post("/v1/activation/start", body, address=address)

    async def activate(self, password: str = PASSWORD) -> HttpAnswer:
        started = (await self.start_activation()).json()
        body = {"challenge_id": started["challenge_id"], "code": await self.code_sent(), "password": password}
        return await self.post("/v1/activation/complete", body)

    async def active_account(self) -> str:
        account_id = await self.open_account()
        answer = await self.activate()
        assert answer.status == 200, answer.body
        return account_id

    async def second_device(self, device: dict[str, str] | None = None) -> str:
        """Log in on a second device; return the id of the take-over it is warned with."""
        answer = await self.log_in(device=device or TABLET)
        assert (answer.status, answer.json()["code"]) == (409, "session_exists"), answer.body
        return str(answer.json()["take_over_id"])

    async def ask_for_code(self, take_over_id: str, *, address: str = "203.0.113.1") -> str:
        answer = await self.post(f"/v1/take-overs/{take_over_id}/code", address=address)
        assert answer.status == 202, answer.body
        return await self.code_sent()

    async def confirm(self, take_over_id: str, code: str) -> HttpAnswer:
        return await self.post(f"/v1/take-overs/{take_over_id}/confirm", {"code": code})

    async def staff_log_in(self, secret: str, *, code: str | None = None, password: str = STAFF_PASSWORD) -> HttpAnswer:
        totp = code or TOTP(secret).at(self.clock.now())
        return await self.post("/v1/staff/sessions", {"user_name": "hanh.le", "password": password, "totp": totp})

    async def verdict(self, token: str) -> dict[str, Any]:
        """Return what the gateway is told about a token."""
        hashed = hash_token(token)
        answer = await self.post(SESSION_CHECK_PATH, {"token_hashes": [hashed]}, caller=a_service())
        assert answer.status == 200, answer.body
        return dict(answer.json()["sessions"][hashed])

    # What came of it

    async def send_secrets(self) -> None:
        await self.use_cases.stored.outbox.publish_stored()

    async def code_sent(self) -> str:
        """Return the last code that went out."""
        await self.send_secrets()
        secret = self.secrets.messages()[-1].secret
        assert secret is not None
        assert re.fullmatch(r"\d{6}", secret)
        return secret

    async def hand_over(self) -> None:
        """Let notifications report the last message as taken over by the carrier now."""
        message = self.secrets.messages()[-1]
        await self.hear(
            MessageAcceptedV1(
                message_id=message.message_id,
                channel="sms",
                kind="one_time_code",
                challenge_id=message.challenge_id,
                occurred_at=self.clock.now(),
            )
        )

    async def events(self) -> list[RecordedEvent]:
        return list((await self.store.read_after(0)).events)

    async def event_types(self) -> list[str]:
        return [recorded.event.event_type for recorded in await self.events()]

    def comparisons(self, purpose: str) -> float:
        value = self.metrics.registry.get_sample_value("auth_code_comparisons_total", {"purpose": purpose})
        return value or 0.0

    def password_comparisons(self) -> float:
        return self.metrics.registry.get_sample_value("auth_password_comparisons_total") or 0.0

    async def everything_stored(self) -> str:
        """Return all documents of the database, and the log, as text."""
        texts = [repr(commit) for commit in (await self.log.read_after(0, limit=10_000)).commits]
        for name in await self.database.list_collection_names():
            texts += [repr(document) for document in await self.database[name].find({}).to_list(None)]
        return "\n".join(texts)


def declaration_valid(**changes: object) -> DeclarationValidV1:
    holder: dict[str, object] = {
        "social_insurance_number": NUMBER,
        "identity_kind": "citizen_id",
        "identity_number": "066185000001",
        "full_name": "Nguyễn Thị Hoa",
        "phone": PHONE,
        "email": None,
    }
    facts: dict[str, object] = {
        "declaration_id": "d" * 32,
        "person_id": "b" * 32,
        "dossier_number": DOSSIER,
        "agency_code": "06601",
        "occurred_at": datetime(2026, 3, 2, tzinfo=UTC),
        "language": "vi",
    }
    holder |= {name: value for name, value in changes.items() if name in AccountHolder.model_fields}
    facts |= {name: value for name, value in changes.items() if name not in AccountHolder.model_fields}
    return DeclarationValidV1.model_validate({**facts, "holder": holder})


def citizen_of(answer: HttpAnswer) -> Caller:
    """Return the caller as whom the gateway would pass on the session just opened."""
    body = answer.json()
    return a_citizen(account_id=body["account_id"], person_id=body["person_id"], epoch=body["epoch"])


async def at_once(*calls: Any) -> list[HttpAnswer]:  # noqa: ANN401 - coroutines
    return list(await asyncio.gather(*calls))
