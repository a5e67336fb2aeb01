"""Which e-ID an account is linked to, folded from the account's own stream."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class EIdLink(BaseModel):
    """The person as one provider knows them by a `subject` that is given to nobody else.

    `change_id` names the change that linked it.
    """

    model_config = ConfigDict(frozen=True)

    issuer: str
    subject: str = Field(repr=False)
    linked_at: datetime
    change_id: str

    def is_of(self, issuer: str, subject: str) -> bool:
        return (self.issuer, self.subject) == (issuer, subject)


class EIdState(BaseModel):
    """`switched_off`: the holder unlinked, so that no e-ID lets in until one is linked again inside a session."""

    model_config = ConfigDict(frozen=True)

    link: EIdLink | None = None
    switched_off: bool = False
