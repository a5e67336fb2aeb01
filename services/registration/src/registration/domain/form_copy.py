"""The declaration as its declarant can read it again: what goes out by e-mail when the box was ticked (S-89)."""

from pydantic import BaseModel, ConfigDict

from registration.domain.form import Form
from registration.domain.language import Language
from registration.domain.rules.address import Address
from registration.domain.rules.choices import PaperDelivery, TransactionChannel
from registration.domain.rules.refusal import Text

_DELIVERY: dict[PaperDelivery, Text] = {
    "post": Text("Qua bưu chính công ích, tự trả cước", "By the public post, at own cost"),
    "counter": Text("Trực tiếp tại cơ quan BHXH", "At the agency's counter"),
}
_CHANNEL: dict[TransactionChannel, Text] = {
    "portal": Text("Cổng thông tin điện tử", "The agency's portal"),
    "intermediary": Text("Tổ chức I-VAN", "An intermediary (I-VAN)"),
}


class FormLine(BaseModel):
    """One field and its value in words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    value: str


class PlaceNames(BaseModel):
    """The names behind the form's codes, looked up when it is sent; `address` from the ward upwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: str
    address: tuple[str, ...] = ()


def form_copy(form: Form, names: PlaceNames, language: Language) -> tuple[FormLine, ...]:
    """Return the filled-in fields in the order of the form."""
    values = {
        "social_insurance_number": form.social_insurance_number,
        "full_name": form.full_name,
        "identity": form.identity.number if form.identity else None,
        "address": address_line(form.address, names) if form.address else None,
        "contact_person": form.contact_person,
        "phone": form.phone,
        "email": form.email,
        "certificate": form.certificate.serial if form.certificate else None,
        "transaction_channel": (
            _CHANNEL[form.transaction_channel].in_language(language) if form.transaction_channel else None
        ),
        "agency_code": names.agency,
        "paper_delivery": _DELIVERY[form.paper_delivery].in_language(language) if form.paper_delivery else None,
    }
    return tuple(FormLine(field=field, value=value) for field, value in values.items() if value is not None)


def address_line(address: Address, names: PlaceNames) -> str:
    """Return the whole address in words, from the house upwards."""
    return ", ".join((address.street, *names.address))
