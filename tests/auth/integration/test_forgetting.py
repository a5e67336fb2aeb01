"""A person is forgotten: the account cannot be entered, and what auth held of its holder is gone."""

from datetime import UTC, datetime

import pytest
from ansinh_contracts.records import ForgottenAccount, PersonForgottenV1
from ansinh_kit.erasure import Erasure, StoredRemains
from ansinh_kit.messaging.incoming import IncomingEvent
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import MongoReservations
from auth.handlers.forgetting import Forgetting

from tests.auth.service import AuthService, declaration_valid

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PERSON = declaration_valid().person_id

pytestmark = [pytest.mark.mongo, pytest.mark.sec("PII-06")]


async def forget(auth: AuthService) -> None:
    account = ForgottenAccount(person_id=PERSON, declaration_id="d" * 32)
    event = PersonForgottenV1(participant_id="a" * 32, occurred_at=AT, accounts=(account,), duplicates=())
    stored = auth.use_cases.stored
    forgetting = Forgetting(
        access=stored.access,
        challenges=stored.challenges,
        recoveries=auth.use_cases.recovery.documents,
        objections=stored.objections,
        erasure=Erasure(
            PersonalDataCipher(auth.keyring),
            reservations=MongoReservations(auth.database, clock=auth.clock),
            stored=StoredRemains(auth.database),
        ),
    )
    await forgetting.person_forgotten(
        IncomingEvent(
            event=event,
            event_id="event-forgotten",
            stream_id=f"participant-{'a' * 32}",
            stream_version=3,
            position=3,
            occurred_at=AT,
            correlation_id="story",
            causation_id=None,
        )
    )


async def test_session_account_codes_and_numbers_are_gone_and_a_second_time_changes_nothing(auth: AuthService) -> None:
    await auth.active_account()
    token = (await auth.log_in()).json()["token"]
    for _ in range(2):
        await forget(auth)

    assert (await auth.verdict(token))["state"] == "unknown"
    assert (await auth.log_in()).status == 401
    assert await auth.database["access"].count_documents({"person_id": PERSON}) == 0
    assert await auth.database["challenges"].count_documents({"person_id": PERSON}) == 0
    assert await auth.database["reservations"].count_documents({}) == 0


async def test_a_declaration_that_arrives_late_once_more_takes_no_number_again(auth: AuthService) -> None:
    await auth.open_account()
    await forget(auth)
    await auth.hear(declaration_valid())
    assert await auth.database["reservations"].count_documents({}) == 0
    assert await auth.database["access"].count_documents({}) == 0
