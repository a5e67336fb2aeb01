import pytest
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.consent import (
    CONSENT_EVENTS,
    CONSENTS,
    AcceptTerms,
    Terms,
    TermsAccepted,
    TermsNotCurrentError,
    TermsText,
    decide,
)
from auth.storage.terms_of_use import read_terms
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import ACCOUNT_ID, NOW, PERSON_ID

consents = Scenario(CONSENTS, EventRegistry.of(CONSENT_EVENTS))

OLD = Terms("2026-01-01", (TermsText("vi", "Điều khoản cũ"), TermsText("en", "Old terms")))
NEW = Terms("2026-02-01", (TermsText("vi", "Điều khoản mới"), TermsText("en", "New terms")))
# Whoever accepted has accepted these very bytes. A new text is a new folder and one more line here.
PUBLISHED = {
    "2026-11-22": {
        "vi": "76c7ebc29cebbf042a52912a2f63fc4ac02edf430a713435d0bceb108101a80e",
        "en": "5f0b644b2786137a5f560128ce7d93a7c9f6c05f9d7341e645d4e2ff2dba8a8a",
    }
}


def accept(terms: Terms = NEW, text: TermsText | None = None, current: Terms = NEW) -> AcceptTerms:
    return AcceptTerms(
        account_id=ACCOUNT_ID,
        person_id=PERSON_ID,
        terms_version=terms.version,
        digest=(text or terms.texts[0]).digest,
        device_kind="tablet",
        current=current,
        now=NOW,
    )


def accepted(terms: Terms = NEW, text: TermsText | None = None) -> TermsAccepted:
    shown = text or terms.texts[0]
    return TermsAccepted(
        account_id=ACCOUNT_ID,
        person_id=PERSON_ID,
        terms_version=terms.version,
        digest=shown.digest,
        language=shown.language,
        device_kind="tablet",
        accepted_at=NOW,
    )


@pytest.mark.req("S-06")
def test_a_consent_says_which_words_in_which_language_on_which_device() -> None:
    consents.when(accept(text=NEW.texts[1])).then(accepted(text=NEW.texts[1]))


@pytest.mark.req("S-06")
def test_a_new_version_is_accepted_beside_the_old_one() -> None:
    consents.given(accepted(OLD)).when(accept()).then(accepted())


def test_a_version_is_accepted_once_whatever_the_language() -> None:
    consents.given(accepted()).when(accept(text=NEW.texts[1])).then()


@pytest.mark.req("S-06")
def test_an_old_version_cannot_be_accepted_any_more() -> None:
    consents.when(accept(OLD)).then_raises(TermsNotCurrentError)


@given(st.text(alphabet="0123456789abcdef", min_size=64, max_size=64))
def test_words_that_were_never_published_cannot_be_accepted(digest: str) -> None:
    command = accept().model_copy(update={"digest": digest})
    with pytest.raises(TermsNotCurrentError):
        decide(command, CONSENTS.initial)


@pytest.mark.req("S-06")
def test_a_published_text_is_never_edited() -> None:
    shown = {terms.version: {text.language: text.digest for text in terms.texts} for terms in read_terms()}
    assert shown == PUBLISHED
