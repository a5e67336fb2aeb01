"""P-5: the live projector, against the slower of two bare ways to do half of its work.

The target speaks of "broker → read model". Here no broker stands between a service's log and its own read models:
projectors read the log, which is ordered and complete (ADR-0001). What is measured is therefore log → read model, and
the floor is unchanged: what a reader behind a broker could reach at best, the lower of consuming and acknowledging
one message an event, and of one bulk upsert an event with the very documents of the view.
"""

import asyncio
import statistics
import time

import aio_pika
from ansinh_kit.database import Document
from ansinh_kit.mongo import ReplaceOne
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, relative_spread

from tests.bench._full_log import FullLog, full_log

PEOPLE, FILES, ROWS = 1_000, 2, 2
ROUNDS = 4
PREFETCH = 200
UPSERTS_AT_ONCE = 500
TARGET = 0.6


async def run(environment: Environment) -> list[Figure]:
    live, upserts, consumed = [], [], []
    async with full_log(environment, people=PEOPLE, files=FILES, rows=ROWS) as log:
        for round_number in range(ROUNDS + 1):
            consumed.append(await consume_once(environment.amqp_url, log.events))
            live.append(await project_once(log))
            upserts.append(await upsert_once(log, f"plain_{round_number}"))
    return [_figure(live[1:], upserts[1:], consumed[1:])]


async def project_once(log: FullLog) -> float:
    """Return the events per second of a projector that starts at the beginning and ends at the end of the log."""
    projector, _ = log.fresh_projector()
    generation = await projector.generations.start_next()
    began = time.perf_counter()
    await projector.catch_up(generation)
    per_second = log.events / (time.perf_counter() - began)
    await projector.generations.switch_to(generation)
    await projector.generations.drop_inactive()
    return per_second


async def upsert_once(log: FullLog, collection_name: str) -> float:
    """Return the bulk upserts per second: an event each, with the documents the projector has just written."""
    projector, _ = log.fresh_projector()
    active = await projector.generations.active_or_first()
    documents = await log.database[active.collection].find({}).to_list()
    writes = [documents[number % len(documents)] for number in range(log.events)]
    collection = log.database[collection_name]
    began = time.perf_counter()
    for first in range(0, len(writes), UPSERTS_AT_ONCE):
        await collection.bulk_write([_upsert(one) for one in writes[first : first + UPSERTS_AT_ONCE]], ordered=False)
    return len(writes) / (time.perf_counter() - began)


def _upsert(document: Document) -> ReplaceOne[Document]:
    return ReplaceOne({"_id": document["_id"]}, document, upsert=True)


async def consume_once(url: str, messages: int) -> float:
    """Return the messages per second taken from a quorum queue and acknowledged one by one, doing nothing with them."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        queue = await channel.declare_queue("bench-consume", durable=True, arguments={"x-queue-type": "quorum"})
        message = aio_pika.Message(b"x" * 600, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        for first in range(0, messages, PREFETCH):
            rest = min(PREFETCH, messages - first)
            await asyncio.gather(*(channel.default_exchange.publish(message, queue.name) for _ in range(rest)))
        began, left = time.perf_counter(), messages
        async with queue.iterator() as deliveries:
            async for delivery in deliveries:
                await delivery.ack()
                left -= 1
                if not left:
                    break
        per_second = messages / (time.perf_counter() - began)
        await queue.delete(if_unused=False, if_empty=False)
    return per_second


def _figure(live: list[float], upserts: list[float], consumed: list[float]) -> Figure:
    floors = [min(sides) for sides in zip(upserts, consumed, strict=True)]
    ratios = [ours / floor for ours, floor in zip(live, floors, strict=True)]
    ratio = statistics.median(ratios)
    return Figure(
        id="P-5",
        name="live projection, log → encrypted read model ÷ min(consume+ack, bulk upsert)",
        value=statistics.median(live),
        unit="events/s",
        floor=statistics.median(floors),
        ratio=ratio,
        target=f">= {TARGET}",
        met=ratio >= TARGET,
        n=len(ratios),
        spread=relative_spread(ratios),
        detail={
            "events a round": PEOPLE * FILES * ROWS,
            "events a commit": ROWS,
            "documents": PEOPLE,
            "ratios": [round(one, 3) for one in ratios],
            "consume+ack per second": round(statistics.median(consumed)),
            "bulk upserts per second": round(statistics.median(upserts)),
        },
    )
