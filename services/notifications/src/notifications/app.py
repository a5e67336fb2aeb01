"""The composition root: builds every object of the service and hands it on. Nothing is opened before `start` hooks."""

from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

from ansinh_kit.clock import Clock, IdGenerator, RandomIds, SystemClock
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.http.app import create_app
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.http.health import Readiness
from ansinh_kit.http.idempotency import Idempotency
from ansinh_kit.http.mongo_idempotency import MongoIdempotencyStore
from ansinh_kit.mongo import Database, MongoClient, connect
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.mongo_keyring import MongoKeyring
from ansinh_kit.personal_data.wrapping import LocalKeyWrapper
from fastapi import FastAPI

from notifications.api.twilio_call_backs import PATH, TwilioSignature, call_back_routes
from notifications.domain.events import REGISTRY
from notifications.handlers.call_backs import CallBacks
from notifications.providers.destinations import check_destination, is_loopback
from notifications.providers.smtp_email import SmtpEmail, SmtpServer
from notifications.providers.twilio_http import BoundedTwilioClient
from notifications.providers.twilio_sms import TwilioAccount, TwilioSms
from notifications.settings import NotificationsSettings
from notifications.templates.renderer import Renderer, Surroundings

SERVICE: Final = "notifications"
LOG_FIELDS: Final = frozenset({"message_id", "outcome", "answer", "scope"})


@dataclass(frozen=True, slots=True)
class Foundation:
    """What API and worker both stand on."""

    settings: NotificationsSettings
    clock: Clock
    ids: IdGenerator
    client: MongoClient
    database: Database
    cipher: PersonalDataCipher
    blind_index: BlindIndex
    log: MongoCommitLog
    store: EventStore
    metrics: Metrics
    readiness: Readiness


def build_foundation(settings: NotificationsSettings) -> Foundation:
    clock = SystemClock()
    client = connect(settings.mongodb_url.get_secret_value(), app_name=SERVICE)
    database = client.database(settings.database)
    keyring = MongoKeyring(client.database(settings.keyring_database), LocalKeyWrapper(settings.wrapping_keys))
    cipher = PersonalDataCipher(keyring)
    log = MongoCommitLog(database, clock=clock)
    return Foundation(
        settings=settings,
        clock=clock,
        ids=RandomIds(),
        client=client,
        database=database,
        cipher=cipher,
        blind_index=BlindIndex(settings.blind_index_keys),
        log=log,
        store=EventStore(log, JsonCodec(REGISTRY, cipher)),
        metrics=Metrics(SERVICE),
        readiness=Readiness(),
    )


def build_api(foundation: Foundation) -> FastAPI:
    settings = foundation.settings
    app = create_app(
        title="An Sinh Số: notifications",
        version=version("ansinh-notifications"),
        verifier=AssertionVerifier(settings.assertion_keys, service=SERVICE, clock=foundation.clock),
        readiness=foundation.readiness,
        metrics=foundation.metrics,
        idempotency=Idempotency(
            MongoIdempotencyStore(foundation.database, clock=foundation.clock), foundation.blind_index
        ),
        public_paths=(PATH,),
    )
    signature = TwilioSignature(
        auth_token=settings.twilio_auth_token.get_secret_value(), call_back_url=settings.call_back_address
    )
    app.include_router(call_back_routes(CallBacks(foundation.store, foundation.clock), signature))
    return app


def build_renderer(settings: NotificationsSettings) -> Renderer:
    return Renderer(
        Surroundings(
            portal_url=settings.portal_url,
            support_phone=settings.support_phone,
            code_life_minutes=settings.code_life_minutes,
        )
    )


def build_twilio_client(settings: NotificationsSettings) -> BoundedTwilioClient:
    """Return the client; it opens connections, so the caller closes it.

    Raises:
        RealCarrierRefusedError: The address is no sandbox, and real carriers are not allowed.
    """
    check_destination(
        urlsplit(settings.twilio_base_url).hostname or "",
        sandbox_hosts=settings.sandbox_hosts,
        real_carriers_allowed=settings.real_carriers_allowed,
    )
    return BoundedTwilioClient(base_url=settings.twilio_base_url, timeout_seconds=settings.twilio_timeout_seconds)


def build_twilio(settings: NotificationsSettings, client: BoundedTwilioClient) -> TwilioSms:
    account = TwilioAccount(
        sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        sender=settings.twilio_sender,
    )
    return TwilioSms(account, client, call_back_url=settings.call_back_address)


def build_smtp(settings: NotificationsSettings) -> SmtpEmail:
    """Return the mail carrier; only a sandbox is spoken to without encryption.

    Raises:
        RealCarrierRefusedError: The host is no sandbox, and real carriers are not allowed.
    """
    host = settings.smtp_host
    check_destination(host, sandbox_hosts=settings.sandbox_hosts, real_carriers_allowed=settings.real_carriers_allowed)
    password = settings.smtp_password
    return SmtpEmail(
        SmtpServer(
            host=host,
            port=settings.smtp_port,
            sender=settings.smtp_sender,
            start_tls=not (is_loopback(host) or host in settings.sandbox_hosts),
            user_name=settings.smtp_user_name,
            password=None if password is None else password.get_secret_value(),
            timeout_seconds=settings.smtp_timeout_seconds,
        )
    )


def worth_telling_for(settings: NotificationsSettings) -> timedelta:
    return timedelta(hours=settings.worth_telling_for_hours)
