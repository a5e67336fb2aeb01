"""What notifications hears on the bus, and which reaction answers."""

from ansinh_contracts.auth import (
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
    SessionRevokedV1,
)
from ansinh_contracts.publications import AUTH, RECORDS, REGISTRATION
from ansinh_contracts.records import DisputeAnsweredV1, DisputeSettledV1, PersonForgottenV1, UnpaidNoticeIssuedV1
from ansinh_contracts.registration import (
    DeclarationRejectedV1,
    DeclarationResubmittedV1,
    DeclarationSubmittedV1,
    DuplicateDeclarationNoticedV1,
)
from ansinh_kit.messaging.subscription import Subscription

from notifications.handlers.factor_notices import FactorNotices
from notifications.handlers.forgetting import Forgetting
from notifications.handlers.reactions import Notifier
from notifications.handlers.recovery_notices import RecoveryNotices


def subscriptions(notifier: Notifier, forgetting: Forgetting) -> tuple[Subscription, ...]:
    factors, recoveries = FactorNotices(notifier), RecoveryNotices(notifier)
    return (
        Subscription(
            REGISTRATION,
            consumer="notifications",
            handlers={
                DeclarationSubmittedV1: notifier.declaration_submitted,
                DeclarationResubmittedV1: notifier.declaration_resubmitted,
                DeclarationRejectedV1: notifier.declaration_rejected,
                DuplicateDeclarationNoticedV1: notifier.duplicate_declaration_noticed,
            },
        ),
        Subscription(
            AUTH,
            consumer="notifications",
            handlers={
                AccountOpenedV1: notifier.account_opened,
                SessionRevokedV1: notifier.session_revoked,
                PasswordChangedV1: notifier.password_changed,
                PasswordMarkedCompromisedV1: recoveries.password_marked_compromised,
                PasswordRecoveredV1: recoveries.password_recovered,
                RecoveryApprovedV1: recoveries.recovery_approved,
                RecoveryWithdrawnV1: recoveries.recovery_withdrawn,
                SavedCodesMadeV1: recoveries.saved_codes_made,
                AccountLockedV1: notifier.account_locked,
                AccountUnlockedV1: notifier.account_unlocked,
                DeviceBoundV1: factors.device_bound,
                DeviceRemovedV1: factors.device_removed,
                PasskeyAddedV1: factors.passkey_added,
                PasskeyRemovedV1: factors.passkey_removed,
                EIdLinkedV1: factors.e_id_linked,
                EIdUnlinkedV1: factors.e_id_unlinked,
                ContactChangedV1: notifier.contact_changed,
            },
        ),
        Subscription(
            RECORDS,
            consumer="notifications",
            handlers={
                DisputeAnsweredV1: notifier.dispute_answered,
                DisputeSettledV1: notifier.dispute_settled,
                UnpaidNoticeIssuedV1: notifier.unpaid_notice_issued,
                PersonForgottenV1: forgetting.person_forgotten,
            },
        ),
    )
