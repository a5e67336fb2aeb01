"""The public surface as data: one line for each operation, in the order of the story it serves."""

from typing import Final

from gateway.routing import BodyClass, CallerKind, Method, Route, TimeoutClass

_GUEST: frozenset[CallerKind] = frozenset({"guest"})
_CITIZEN: frozenset[CallerKind] = frozenset({"citizen"})
_STAFF: frozenset[CallerKind] = frozenset({"staff"})
_INTEGRATOR: frozenset[CallerKind] = frozenset({"integrator"})
_ANY_SESSION = _CITIZEN | _STAFF


def _registration(
    method: Method,
    path: str,
    callers: frozenset[CallerKind],
    body: BodyClass = "none",
    timeouts: TimeoutClass = "normal",
) -> Route:
    return Route("registration", method, path, callers, body, timeouts)


def _auth(method: Method, path: str, callers: frozenset[CallerKind], body: BodyClass = "none") -> Route:
    return Route("auth", method, path, callers, body)


def _records(
    method: Method,
    path: str,
    callers: frozenset[CallerKind],
    body: BodyClass = "none",
    timeouts: TimeoutClass = "normal",
) -> Route:
    return Route("records", method, path, callers, body, timeouts)


REGISTRATION = (
    _registration("POST", "/v1/declarations", _GUEST, "small"),
    _registration("GET", "/v1/declarations/{declaration_id}", _GUEST),
    _registration("PUT", "/v1/declarations/{declaration_id}", _GUEST, "small"),
    _registration("PUT", "/v1/declarations/{declaration_id}/photos/{kind}", _GUEST, "upload", "upload"),
    _registration("POST", "/v1/declarations/{declaration_id}/submit", _GUEST, "small"),
    _registration("POST", "/v1/declarations/{declaration_id}/resubmit", _GUEST, "small"),
    _registration("POST", "/v1/declarations/{declaration_id}/withdraw", _GUEST, "small"),
    _registration("POST", "/v1/qr/read", _GUEST, "small"),
    _registration("GET", "/v1/agencies", _GUEST),
    _registration("GET", "/v1/units", _GUEST),
    _registration("POST", "/v1/public/challenges", _GUEST, "small"),
    _registration("POST", "/v1/public/dossiers", _GUEST, "small"),
    _registration("GET", "/v1/public/agencies", _GUEST),
    _registration("GET", "/v1/officer/queue", _STAFF),
    _registration("GET", "/v1/officer/declarations/{declaration_id}", _STAFF),
    _registration("GET", "/v1/officer/declarations/{declaration_id}/photos/{kind}", _STAFF),
    _registration("POST", "/v1/officer/declarations/{declaration_id}/claim", _STAFF, "small"),
    _registration("POST", "/v1/officer/declarations/{declaration_id}/release", _STAFF, "small"),
    _registration("POST", "/v1/officer/declarations/{declaration_id}/decision", _STAFF, "small"),
)

AUTH = (
    _auth("POST", "/v1/activation/start", _GUEST, "small"),
    _auth("POST", "/v1/activation/complete", _GUEST, "small"),
    _auth("POST", "/v1/sessions", _GUEST, "small"),
    _auth("POST", "/v1/staff/sessions", _GUEST, "small"),
    _auth("POST", "/v1/staff/invitations/look", _GUEST, "small"),
    _auth("POST", "/v1/staff/invitations/acceptance", _GUEST, "small"),
    _auth("GET", "/v1/staff/members", _STAFF),
    _auth("POST", "/v1/staff/members", _STAFF, "small"),
    _auth("GET", "/v1/staff/members/{staff_id}", _STAFF),
    _auth("POST", "/v1/staff/members/{staff_id}/invitation", _STAFF, "small"),
    _auth("POST", "/v1/staff/members/{staff_id}/rights", _STAFF, "small"),
    _auth("POST", "/v1/staff/members/{staff_id}/suspension", _STAFF, "small"),
    _auth("POST", "/v1/staff/members/{staff_id}/readmission", _STAFF, "small"),
    _auth("POST", "/v1/staff/members/{staff_id}/session-end", _STAFF, "small"),
    _auth("GET", "/v1/staff/acts", _STAFF),
    _auth("POST", "/v1/staff/session-endings", _STAFF, "small"),
    _auth("GET", "/v1/staff/integrators", _STAFF),
    _auth("POST", "/v1/staff/integrators", _STAFF, "small"),
    _auth("GET", "/v1/staff/integrators/{integrator_id}", _STAFF),
    _auth("POST", "/v1/staff/integrators/{integrator_id}/scopes", _STAFF, "small"),
    _auth("POST", "/v1/staff/integrators/{integrator_id}/secrets", _STAFF, "small"),
    _auth("POST", "/v1/staff/integrators/{integrator_id}/former-secret-end", _STAFF, "small"),
    _auth("POST", "/v1/staff/integrators/{integrator_id}/suspension", _STAFF, "small"),
    _auth("POST", "/v1/staff/integrators/{integrator_id}/readmission", _STAFF, "small"),
    Route("auth", "POST", "/v1/oauth/token", _GUEST, "small", takes_client_secret=True),
    Route("auth", "GET", "/v1/integrators/current", _INTEGRATOR, scope="profile"),
    Route("auth", "GET", "/v1/integrators/current/secrets", _INTEGRATOR, scope="secrets"),
    _auth("POST", "/v1/take-overs/{take_over_id}/code", _GUEST, "small"),
    _auth("POST", "/v1/take-overs/{take_over_id}/confirm", _GUEST, "small"),
    _auth("POST", "/v1/take-overs/{take_over_id}/cancel", _GUEST, "small"),
    _auth("GET", "/v1/challenges/{challenge_id}", _GUEST),
    _auth("POST", "/v1/password-changes", _CITIZEN, "small"),
    _auth("POST", "/v1/password-changes/{password_change_id}/code", _CITIZEN, "small"),
    _auth("POST", "/v1/password-changes/{password_change_id}/confirm", _CITIZEN, "small"),
    _auth("POST", "/v1/password-changes/{password_change_id}/cancel", _CITIZEN, "small"),
    _auth("POST", "/v1/take-overs/{take_over_id}/saved-code", _GUEST, "small"),
    _auth("POST", "/v1/public/challenges", _GUEST, "small"),
    _auth("POST", "/v1/recoveries", _GUEST, "small"),
    _auth("POST", "/v1/recoveries/{recovery_id}/complete", _GUEST, "small"),
    _auth("POST", "/v1/me/saved-codes", _CITIZEN, "small"),
    _auth("GET", "/v1/me/saved-codes", _CITIZEN),
    _auth("POST", "/v1/me/lock", _CITIZEN, "small"),
    _auth("POST", "/v1/me/recovery/objection", _CITIZEN, "small"),
    _auth("POST", "/v1/staff/accounts/recovery", _STAFF, "small"),
    _auth("POST", "/v1/staff/accounts/recovery/withdrawal", _STAFF, "small"),
    _auth("POST", "/v1/staff/accounts/lock", _STAFF, "small"),
    _auth("POST", "/v1/staff/accounts/unlock", _STAFF, "small"),
    _auth("GET", "/v1/sessions/current", _ANY_SESSION),
    _auth("DELETE", "/v1/sessions/current", _ANY_SESSION),
    _auth("GET", "/v1/me", _ANY_SESSION),
    _auth("GET", "/v1/me/log-ins", _CITIZEN),
    _auth("GET", "/v1/me/contacts", _CITIZEN),
    _auth("POST", "/v1/contact-changes", _CITIZEN, "small"),
    _auth("POST", "/v1/contact-changes/{contact_change_id}/codes/{side}", _CITIZEN, "small"),
    _auth("POST", "/v1/contact-changes/{contact_change_id}/confirm", _CITIZEN, "small"),
    _auth("POST", "/v1/contact-changes/{contact_change_id}/cancel", _CITIZEN, "small"),
    _auth("POST", "/v1/objections", _GUEST, "small"),
    _auth("POST", "/v1/staff/accounts/{account_id}/contact-sharing", _STAFF, "small"),
    _auth("POST", "/v1/passkey-log-ins", _GUEST, "small"),
    _auth("POST", "/v1/passkey-log-ins/{log_in_id}/confirm", _GUEST, "small"),
    _auth("POST", "/v1/staff/passkey-challenges", _GUEST, "small"),
    _auth("POST", "/v1/passkey-registrations", _ANY_SESSION, "small"),
    _auth("POST", "/v1/passkey-registrations/{registration_id}/confirm", _ANY_SESSION, "small"),
    _auth("GET", "/v1/me/passkeys", _ANY_SESSION),
    _auth("DELETE", "/v1/me/passkeys/{passkey_id}", _ANY_SESSION),
    _auth("POST", "/v1/e-id/log-ins", _GUEST, "small"),
    _auth("POST", "/v1/e-id/log-ins/{log_in_id}/confirm", _GUEST, "small"),
    _auth("POST", "/v1/e-id/links", _CITIZEN, "small"),
    _auth("POST", "/v1/e-id/links/{link_id}/confirm", _CITIZEN, "small"),
    _auth("GET", "/v1/me/e-id", _CITIZEN),
    _auth("DELETE", "/v1/me/e-id", _CITIZEN),
    _auth("POST", "/v1/device-nonces", _GUEST, "small"),
    _auth("POST", "/v1/device-bindings", _CITIZEN, "small"),
    _auth("POST", "/v1/device-bindings/{binding_id}/code", _CITIZEN, "small"),
    _auth("POST", "/v1/device-bindings/{binding_id}/confirm", _CITIZEN, "small"),
    _auth("GET", "/v1/me/devices", _CITIZEN),
    _auth("PUT", "/v1/me/devices/{device_id}/name", _CITIZEN, "small"),
    _auth("DELETE", "/v1/me/devices/{device_id}", _CITIZEN),
    _auth("GET", "/v1/terms", _GUEST),
    _auth("GET", "/v1/me/consents", _CITIZEN),
    _auth("POST", "/v1/me/consents", _CITIZEN, "small"),
)

RECORDS = (
    _records("GET", "/v1/participants/{who}/person", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/participation", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/participation/{kind}", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/participation/{kind}/periods/{period_id}", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/unpaid", _ANY_SESSION),
    _records("POST", "/v1/staff/participants/{participant_id}/periods", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/periods/{period_id}/corrections", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/periods/{period_id}/withdrawal", _STAFF, "small"),
    _records("GET", "/v1/participants/{who}/benefits/{tab}", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/benefits/{tab}/{benefit_id}", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/card", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/card/qr", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/visits", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/visits/{year}", _ANY_SESSION),
    _records("POST", "/v1/public/card-checks", _GUEST, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/benefits", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/benefits/payments", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/benefits/stops", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/benefits/{benefit_id}/corrections", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/benefits/{benefit_id}/withdrawal", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/benefits/{benefit_id}/stop/withdrawal", _STAFF, "small"),
    _records(
        "POST",
        "/v1/staff/participants/{participant_id}/benefits/{benefit_id}/payments/{payment_id}/withdrawal",
        _STAFF,
        "small",
    ),
    _records("POST", "/v1/staff/participants/{participant_id}/cards", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/cards/{card_id}/corrections", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/cards/{card_id}/withdrawal", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/cards/{card_id}/reinstatement", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/visits", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/visits/{visit_id}/corrections", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/visits/{visit_id}/withdrawal", _STAFF, "small"),
    _records("POST", "/v1/staff/participants", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/find", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/numbers", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/identity", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/contact", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/agency", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/guardians", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/guardians/{guardian_id}/end", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/barred-staff", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/barred-staff/{staff_id}/end", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/merge", _STAFF, "small"),
    _records("POST", "/v1/staff/imports", _STAFF, "bulk", "upload"),
    _records("GET", "/v1/staff/imports/{import_id}", _STAFF),
    _records("GET", "/v1/staff/imports/{import_id}/report", _STAFF),
    _records("GET", "/v1/participants/{who}/notices", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/readings", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/disputes", _ANY_SESSION),
    _records("POST", "/v1/participants/{who}/disputes", _CITIZEN, "small"),
    _records("GET", "/v1/participants/{who}/disputes/{dispute_id}", _ANY_SESSION),
    _records("POST", "/v1/participants/{who}/disputes/{dispute_id}/withdrawal", _CITIZEN, "small"),
    _records("POST", "/v1/staff/openings", _STAFF, "small"),
    _records("GET", "/v1/staff/disputes", _STAFF),
    _records("POST", "/v1/staff/disputes/{dispute_id}/assignment", _STAFF, "small"),
    _records("POST", "/v1/staff/disputes/{dispute_id}/answer", _STAFF, "small"),
    _records("POST", "/v1/staff/disputes/{dispute_id}/settlement", _STAFF, "small"),
    _records("GET", "/v1/participants/{who}/exports", _ANY_SESSION),
    _records("GET", "/v1/participants/{who}/exports/{file}", _ANY_SESSION),
    _records("GET", "/v1/public/export-checks/{code}", _GUEST),
    _records("POST", "/v1/public/export-checks", _GUEST, "small"),
    _records("POST", "/v1/public/challenges", _GUEST, "small"),
    _records("POST", "/v1/public/number", _GUEST, "small"),
    _records("POST", "/v1/public/card", _GUEST, "small"),
    _records("GET", "/v1/public/facilities", _GUEST),
    _records("GET", "/v1/public/employers", _GUEST),
    _records("GET", "/v1/public/collection-organisations", _GUEST),
    _records("GET", "/v1/public/collection-points", _GUEST),
    _records("GET", "/v1/staff/links", _STAFF),
    _records("POST", "/v1/staff/participants/{participant_id}/links/{person_id}/confirm", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/links/{person_id}/refuse", _STAFF, "small"),
    _records("POST", "/v1/staff/participants/{participant_id}/links/{person_id}/end", _STAFF, "small"),
)

NOTIFICATIONS = (Route("notifications", "POST", "/v1/callbacks/twilio/status", _GUEST, "small"),)

NEWS: Final = "news"
"""Not a service: these routes are answered by the gateway itself."""

EVENTS = (Route(NEWS, "GET", "/v1/events", _ANY_SESSION),)

ROUTES: tuple[Route, ...] = (*REGISTRATION, *AUTH, *RECORDS, *NOTIFICATIONS, *EVENTS)
