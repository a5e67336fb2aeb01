"""The background half: tells the others what happened, hears them, and sends what is due."""

from datetime import timedelta
from typing import Final

from ansinh_contracts.publications import NOTIFICATIONS, SECRETS
from ansinh_kit.backoff import Backoff
from ansinh_kit.erasure import Erasure, StoredRemains
from ansinh_kit.messaging.retry import RetryPolicy
from ansinh_kit.messaging.secret_queue import SecretConsumer
from ansinh_kit.projections.view import View
from ansinh_kit.runtime import Runtime

from notifications.app import Process, build_renderer, build_smtp, build_twilio, build_twilio_client
from notifications.handlers.attempt import AttemptPolicy, Attempts
from notifications.handlers.carriers import Carriers
from notifications.handlers.dispatcher import Dispatcher
from notifications.handlers.forgetting import Forgetting
from notifications.handlers.notices import NoticeDuties
from notifications.handlers.parcels import ParcelMaker
from notifications.handlers.reactions import Notifier
from notifications.handlers.secrets import SecretSender
from notifications.handlers.unfinished import Unfinished
from notifications.messaging.consumers import subscriptions
from notifications.messaging.publishing import to_contract
from notifications.projections.duties import Duties, DutyView
from notifications.providers.fail_over import FailOver
from notifications.storage.sms_budget import MongoSmsBudget

_SECRETS_AT_ONCE: Final = 256
"""So many that mails waiting for a broken mail server do not keep codes from the SMS carrier."""
_UNTIL_IT_EXPIRES: Final = RetryPolicy(attempts=100_000, backoff=Backoff(first_seconds=0.5, longest_seconds=20.0))
_RETRIES_OF_NOTICES: Final = Backoff(first_seconds=5.0, longest_seconds=600.0)
_RETRIES_OF_SECRETS: Final = Backoff(first_seconds=0.5, longest_seconds=8.0)
_LOOK_UPS: Final = Backoff(first_seconds=60.0, longest_seconds=3600.0)
_DRAIN_SECONDS: Final = 25.0


def register_worker(runtime: Runtime, process: Process) -> None:
    """Register everything that works in the background; `runtime` starts it again whenever it ends.

    Call it inside the running loop.
    """
    unfinished = Unfinished()
    carriers = _carriers(runtime, process)
    notifier = Notifier(
        process.foundation.store, process.foundation.clock, worth_telling_for=process.settings.worth_telling_for
    )
    forgetting = Forgetting(Erasure(process.foundation.cipher, stored=StoredRemains(process.foundation.database)))
    process.foundation.join_bus(runtime, NOTIFICATIONS, to_contract, subscriptions(notifier, forgetting))
    _add_dispatcher(runtime, process, carriers, unfinished)
    _add_secrets(runtime, process, carriers, unfinished)
    # Registered last, so it comes first: sends under way are finished before their carriers are closed.
    runtime.on_stop(lambda: unfinished.drain(within_seconds=_DRAIN_SECONDS))


def _carriers(runtime: Runtime, process: Process) -> Carriers:
    settings, foundation = process.settings, process.foundation
    twilio = build_twilio_client(settings)
    runtime.on_stop(twilio.close)
    budget = MongoSmsBudget(
        foundation.database, foundation.blind_index, foundation.clock, allowances=settings.allowances
    )
    runtime.on_start(budget.start)
    return Carriers(
        sms=FailOver([build_twilio(settings, twilio)]),
        email=FailOver([build_smtp(settings)]),
        budget=budget,
        parcels=ParcelMaker(build_renderer(settings)),
    )


def _add_dispatcher(runtime: Runtime, process: Process, carriers: Carriers, unfinished: Unfinished) -> None:
    foundation = process.foundation
    database, cipher = foundation.database, foundation.cipher
    duties = NoticeDuties(
        foundation.store,
        foundation.clock,
        _attempts(process, _RETRIES_OF_NOTICES),
        carriers,
        look_ups=_LOOK_UPS,
    )
    dispatcher = Dispatcher(
        DutyView(View(database=database, projection=Duties(), cipher=cipher)),
        {"send": duties.send, "end_lease": duties.end_lease, "look_up": duties.look_up},
        foundation.clock,
        unfinished,
        capacity=process.settings.sending_capacity,
    )
    foundation.follow(runtime, [Duties()])
    runtime.background("dispatcher", dispatcher.run)


def _add_secrets(runtime: Runtime, process: Process, carriers: Carriers, unfinished: Unfinished) -> None:
    foundation = process.foundation
    sender = SecretSender(
        store=foundation.store,
        clock=foundation.clock,
        attempts=_attempts(process, _RETRIES_OF_SECRETS),
        carriers=carriers,
        renderer=build_renderer(process.settings),
        unfinished=unfinished,
    )
    reader = SecretConsumer(
        foundation.broker,
        SECRETS,
        sender,
        parking=foundation.parking,
        opener=foundation.opener,
        retry=_UNTIL_IT_EXPIRES,
        clock=foundation.clock,
        prefetch=_SECRETS_AT_ONCE,
    )
    foundation.read(runtime, "secrets", reader)


def _attempts(process: Process, retry: Backoff) -> Attempts:
    settings, foundation = process.settings, process.foundation
    policy = AttemptPolicy(
        lease=settings.longest_send + timedelta(seconds=settings.lease_slack_seconds),
        send_time=settings.longest_send,
        look_up_after=timedelta(seconds=settings.look_up_after_seconds),
        retry=retry,
    )
    return Attempts(foundation.store, foundation.clock, foundation.ids, worker=foundation.ids.new_id(), policy=policy)
