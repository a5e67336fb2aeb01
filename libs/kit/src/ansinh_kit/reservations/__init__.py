"""Uniqueness across streams: a document whose unique key decides, written before the commit it is for.

`Reservations` is the port; `InMemoryReservations` and `MongoReservations` pass one contract suite.
"""

from ansinh_kit.reservations.memory import InMemoryReservations
from ansinh_kit.reservations.mongo import MongoReservations
from ansinh_kit.reservations.port import AlreadyReservedError, Key, Pending, Reservations, Swept

__all__ = [
    "AlreadyReservedError",
    "InMemoryReservations",
    "Key",
    "MongoReservations",
    "Pending",
    "Reservations",
    "Swept",
]
