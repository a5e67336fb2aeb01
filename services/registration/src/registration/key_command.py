"""`python -m registration keys …`: re-wrap and re-index of numbers, and what still stands under older keys."""

import argparse
from datetime import datetime
from functools import partial

from ansinh_kit.index_commands import IN_USE, RE_INDEX, add_index_arguments, re_index, tell_repeats
from ansinh_kit.key_commands import RE_WRAP, add_key_arguments, rewrap_keys
from ansinh_kit.runtime import run_process

from registration.app import build_process
from registration.projections.declared_numbers import DeclaredNumbers
from registration.settings import RegistrationSettings
from registration.storage.open_declarations import numbers_told


def add_service_key_arguments(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add_index_arguments(add_key_arguments(commands, (RE_INDEX, IN_USE)))


def operate_keys(settings: RegistrationSettings, arguments: argparse.Namespace) -> None:
    """Do what `arguments` say, in a process that serves nobody."""
    if arguments.action == RE_WRAP:
        run_process(partial(_rewrap, settings))
    elif arguments.action == RE_INDEX:
        run_process(partial(_re_index, settings, arguments.after))
    else:
        run_process(partial(_tell_in_use, settings, arguments.index_since))


async def _rewrap(settings: RegistrationSettings) -> None:
    await rewrap_keys(settings, build_process(settings).foundation)


async def _tell_in_use(settings: RegistrationSettings, index_since: datetime | None) -> None:
    await tell_repeats(build_process(settings).foundation, index_since)


async def _re_index(settings: RegistrationSettings, after: int) -> None:
    process = build_process(settings)
    foundation = process.foundation
    views = (DeclaredNumbers(foundation.blind_index),)
    await re_index(foundation, process.reservations, numbers_told, views=views, after=after)
