"""The question by which a gateway hears, at once, that something about an account's access has changed.

`POST /internal/sessions/news`, a `NewsQuestion` in, a `NewsAnswer` out, as soon as there is news or the wait is over.
The answer is a hint and proves nothing: whoever acts on it asks about the session as for any request. It names
accounts and not what happened to them, so it stays the same whatever new ways there will be for a session to end.
"""

from pydantic import BaseModel, ConfigDict, Field

SESSION_NEWS_PATH = "/internal/sessions/news"
LONGEST_WAIT_SECONDS = 25.0


class NewsQuestion(BaseModel):
    """What changed after `position`? Without one the answer only says where to begin."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: int | None = Field(None, ge=0)
    wait_seconds: float = Field(LONGEST_WAIT_SECONDS, ge=0, le=LONGEST_WAIT_SECONDS)


class NewsAnswer(BaseModel):
    """Accounts whose access changed, each once, and the position to ask from next."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    position: int
    account_ids: tuple[str, ...] = ()
