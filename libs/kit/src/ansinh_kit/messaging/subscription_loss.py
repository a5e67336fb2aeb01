"""How whoever reads a channel hears that the broker no longer brings messages on it."""

import asyncio
from functools import partial

from aio_pika.abc import AbstractChannel

from ansinh_kit.messaging.client_errors import client_errors


class SubscriptionLostError(Exception):
    """The broker no longer brings messages on this channel."""


def awaited_loss() -> "asyncio.Future[None]":
    """Return a future whose exception nobody need fetch: another failure may end the subscription first."""
    loss: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    loss.add_done_callback(lambda done: done.cancelled() or done.exception())
    return loss


async def tell_of_loss(channel: AbstractChannel, loss: "asyncio.Future[None]") -> None:
    """Set `SubscriptionLostError` once the channel is closed, or the broker ends a subscription on it.

    Raises:
        UnavailableError: The channel is gone already.
    """
    with client_errors():
        channel.close_callbacks.add(partial(_set, loss))
        (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(partial(_set, loss))


def _set(loss: "asyncio.Future[None]", *_: object) -> None:
    if not loss.done():
        loss.set_exception(SubscriptionLostError)
