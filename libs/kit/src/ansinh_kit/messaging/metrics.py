"""What the messaging counts; labels hold names of services, events and outcomes, never ids."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

PUBLISHED: Final = Counter("ansinh_messages_published", "Publishes sent to the broker", ["producer"])
CONFIRMED: Final = Counter("ansinh_messages_confirmed", "Publishes the broker confirmed", ["producer"])
NOT_CONFIRMED: Final = Counter(
    "ansinh_messages_not_confirmed", "Publishes that were returned, refused or left unanswered", ["producer", "outcome"]
)
CONSUMED: Final = Counter(
    "ansinh_messages_consumed", "Messages answered for", ["consumer", "producer", "event", "outcome"]
)
RETRIED: Final = Counter("ansinh_messages_retried", "Handlers called again", ["consumer", "producer", "event"])
PARKED: Final = Counter("ansinh_messages_parked", "Messages put aside for an operator", ["consumer", "reason"])
HANDLING_SECONDS: Final = Histogram(
    "ansinh_message_handling_seconds", "One call of a handler", ["consumer", "producer", "event"]
)
CONSUMER_READY: Final = Gauge("ansinh_consumer_ready", "1 while every queue is being read", ["consumer", "producer"])
RELAY_POSITION: Final = Gauge("ansinh_relay_position", "Everything up to here is confirmed", ["producer"])
RELAY_LAG_SECONDS: Final = Gauge(
    "ansinh_relay_lag_seconds", "Age of the oldest event that is not confirmed; 0 when none waits", ["producer"]
)
RELAY_LEADING: Final = Gauge("ansinh_relay_leading", "1 in the process whose relay holds the lease", ["producer"])
