"""The composition root: what a process of this service is made of, built once, top to bottom."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

from ansinh_kit.foundation import Foundation, build_foundation
from ansinh_kit.http.app import create_app
from fastapi import FastAPI

from notifications.api.twilio_call_backs import PATH, TwilioSignature, call_back_routes
from notifications.events import EVENTS, UPCASTERS
from notifications.handlers.call_backs import CallBacks
from notifications.providers.destinations import check_destination, is_loopback
from notifications.providers.smtp_email import SmtpEmail, SmtpServer
from notifications.providers.twilio_http import BoundedTwilioClient
from notifications.providers.twilio_sms import TwilioAccount, TwilioSms
from notifications.settings import NotificationsSettings
from notifications.templates.renderer import Renderer, Surroundings

SERVICE: Final = "notifications"
LOG_FIELDS: Final = frozenset({"message_id", "outcome", "answer", "scope"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What API and worker both stand on. Nothing is connected yet."""

    settings: NotificationsSettings
    foundation: Foundation


def build_process(settings: NotificationsSettings) -> Process:
    return Process(settings=settings, foundation=build_foundation(SERVICE, settings, EVENTS, UPCASTERS))


def build_api(process: Process) -> FastAPI:
    settings, foundation = process.settings, process.foundation
    app = create_app(
        foundation.edge,
        title="An Sinh Số: notifications",
        version=version("ansinh-notifications"),
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
