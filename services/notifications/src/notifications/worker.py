"""The same objects, at work: relay, projector, consumers, the queue of secrets, the dispatcher."""

from datetime import timedelta
from typing import Final

from ansinh_contracts.publications import NOTIFICATIONS, SECRETS
from ansinh_kit.http.health import ready_when
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.consumer import Consumer
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.relay import Relay
from ansinh_kit.messaging.retry import Backoff, RetryPolicy
from ansinh_kit.messaging.secret_queue import SecretConsumer
from ansinh_kit.personal_data.sealing import Opener, Sealer
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.view import View
from ansinh_kit.runtime import Runtime

from notifications.app import (
    SERVICE,
    Foundation,
    build_renderer,
    build_smtp,
    build_twilio,
    build_twilio_client,
    worth_telling_for,
)
from notifications.handlers.attempt import AttemptPolicy, Attempts
from notifications.handlers.carriers import Carriers
from notifications.handlers.dispatcher import Dispatcher
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


def add_worker(runtime: Runtime, foundation: Foundation) -> None:
    """Register everything that works in the background. Call it inside the running loop."""
    settings = foundation.settings
    broker = Broker(settings.amqp_url.get_secret_value(), name=SERVICE, namespace=settings.namespace)
    unfinished = Unfinished()
    carriers = _carriers(runtime, foundation)

    runtime.background("broker", broker.run)
    runtime.check("broker_connection", ready_when(lambda: broker.ready, otherwise="no connection"))
    _add_log_followers(runtime, foundation, broker)
    _add_dispatcher(runtime, foundation, carriers, unfinished)
    _add_consumers(runtime, foundation, broker, carriers, unfinished)
    # Registered last, so it comes first: sends under way are finished before their carriers are closed.
    runtime.on_stop(lambda: unfinished.drain(within_seconds=_DRAIN_SECONDS))


def _carriers(runtime: Runtime, foundation: Foundation) -> Carriers:
    settings = foundation.settings
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


def _add_log_followers(runtime: Runtime, foundation: Foundation, broker: Broker) -> None:
    projector = Projector(
        store=foundation.store, database=foundation.database, projection=Duties(), cipher=foundation.cipher
    )
    relay = Relay(
        store=foundation.store,
        database=foundation.database,
        broker=broker,
        publication=NOTIFICATIONS,
        to_contract=to_contract,
        sealer=Sealer(foundation.settings.sealing_public_keys),
        clock=foundation.clock,
    )
    runtime.background("projector", projector.run)
    runtime.background("relay", relay.run)


def _add_dispatcher(runtime: Runtime, foundation: Foundation, carriers: Carriers, unfinished: Unfinished) -> None:
    duties = NoticeDuties(
        foundation.store,
        foundation.clock,
        _attempts(foundation, _RETRIES_OF_NOTICES),
        carriers,
        look_ups=_LOOK_UPS,
    )
    dispatcher = Dispatcher(
        DutyView(View(database=foundation.database, projection=Duties(), cipher=foundation.cipher)),
        {"send": duties.send, "end_lease": duties.end_lease, "look_up": duties.look_up},
        foundation.clock,
        unfinished,
        capacity=foundation.settings.sending_capacity,
    )
    runtime.background("dispatcher", dispatcher.run)


def _add_consumers(
    runtime: Runtime, foundation: Foundation, broker: Broker, carriers: Carriers, unfinished: Unfinished
) -> None:
    parking = Parking(foundation.database, clock=foundation.clock)
    opener = Opener(SERVICE, foundation.settings.sealing_private_key)
    sender = SecretSender(
        store=foundation.store,
        clock=foundation.clock,
        attempts=_attempts(foundation, _RETRIES_OF_SECRETS),
        carriers=carriers,
        renderer=build_renderer(foundation.settings),
        unfinished=unfinished,
    )
    secrets = SecretConsumer(
        broker,
        SECRETS,
        sender,
        parking=parking,
        opener=opener,
        retry=_UNTIL_IT_EXPIRES,
        clock=foundation.clock,
        prefetch=_SECRETS_AT_ONCE,
    )
    _add_reader(runtime, "secrets", secrets)
    notifier = Notifier(foundation.store, foundation.clock, worth_telling_for=worth_telling_for(foundation.settings))
    for subscription in subscriptions(notifier):
        consumer = Consumer(broker, subscription, parking=parking, opener=opener)
        _add_reader(runtime, subscription.producer, consumer)


def _add_reader(runtime: Runtime, source: str, reader: Consumer | SecretConsumer) -> None:
    runtime.background(f"consumer_{source}", reader.run)
    runtime.check(f"queues_of_{source}", ready_when(lambda: reader.ready, otherwise="not being read"))


def _attempts(foundation: Foundation, retry: Backoff) -> Attempts:
    settings = foundation.settings
    policy = AttemptPolicy(
        lease=settings.longest_send + timedelta(seconds=settings.lease_slack_seconds),
        send_time=settings.longest_send,
        look_up_after=timedelta(seconds=settings.look_up_after_seconds),
        retry=retry,
    )
    worker = foundation.ids.new_id()
    return Attempts(foundation.store, foundation.clock, foundation.ids, worker=worker, policy=policy)
