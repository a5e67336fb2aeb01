"""Who listens to what: the one list from which producers declare queues and consumers are checked."""

from typing import Final

from ansinh_kit.publication import Publication, SecretRoute

from ansinh_contracts.auth import (
    AccountActivatedV1,
    AccountLockedV1,
    AccountOpenedV1,
    AccountUnlockedV1,
    ContactChangedV1,
    DeviceBoundV1,
    DeviceRemovedV1,
    EIdLinkedV1,
    EIdUnlinkedV1,
    PasskeyAddedV1,
    PasskeyRemovedV1,
    PasswordChangedV1,
    PasswordMarkedCompromisedV1,
    PasswordRecoveredV1,
    RecoveryApprovedV1,
    RecoveryWithdrawnV1,
    SavedCodesMadeV1,
    SecretMessageV1,
    SessionRevokedV1,
)
from ansinh_contracts.notifications import (
    MessageAcceptedV1,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageHeldBackV1,
)
from ansinh_contracts.records import DisputeAnsweredV1, DisputeSettledV1, PersonForgottenV1, UnpaidNoticeIssuedV1
from ansinh_contracts.registration import (
    DeclarationRejectedV1,
    DeclarationResubmittedV1,
    DeclarationSubmittedV1,
    DeclarationValidV1,
    DuplicateDeclarationNoticedV1,
)

REGISTRATION: Final = Publication(
    producer="registration",
    subscribers={
        "auth": frozenset({DeclarationValidV1}),
        "records": frozenset({DeclarationValidV1}),
        "notifications": frozenset(
            {
                DeclarationSubmittedV1,
                DeclarationResubmittedV1,
                DeclarationRejectedV1,
                DuplicateDeclarationNoticedV1,
            }
        ),
    },
)

AUTH: Final = Publication(
    producer="auth",
    subscribers={
        "registration": frozenset({AccountOpenedV1, AccountActivatedV1}),
        "notifications": frozenset(
            {
                AccountOpenedV1,
                SessionRevokedV1,
                PasswordChangedV1,
                PasswordMarkedCompromisedV1,
                ContactChangedV1,
                AccountLockedV1,
                AccountUnlockedV1,
                RecoveryApprovedV1,
                RecoveryWithdrawnV1,
                PasswordRecoveredV1,
                SavedCodesMadeV1,
                DeviceBoundV1,
                DeviceRemovedV1,
                PasskeyAddedV1,
                PasskeyRemovedV1,
                EIdLinkedV1,
                EIdUnlinkedV1,
            }
        ),
        "records": frozenset({ContactChangedV1}),
    },
)

RECORDS: Final = Publication(
    producer="records",
    subscribers={
        "auth": frozenset({PersonForgottenV1}),
        "registration": frozenset({PersonForgottenV1}),
        "notifications": frozenset({DisputeAnsweredV1, DisputeSettledV1, PersonForgottenV1, UnpaidNoticeIssuedV1}),
    },
)

NOTIFICATIONS: Final = Publication(
    producer="notifications",
    subscribers={
        "auth": frozenset({MessageAcceptedV1, MessageDeliveredV1, MessageFailedV1, MessageHeldBackV1}),
    },
)

SECRETS: Final = SecretRoute(SecretMessageV1, "notifications")
