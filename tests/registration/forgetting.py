"""Forgetting over the parts in memory: nothing but the log, keys, numbers and files is kept there."""

from ansinh_kit.clock import RandomIds
from ansinh_kit.erasure import Erasure
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from registration.handlers.forgetting import Forgetting
from registration.storage.photos import Photos

from tests.registration.service import Service


def forgetting(service: Service) -> Forgetting:
    cipher = PersonalDataCipher(service.keyring)
    return Forgetting(
        store=service.store,
        photos=Photos(service.files, cipher, RandomIds()),
        erasure=Erasure(cipher, reservations=service.reservations),
    )
