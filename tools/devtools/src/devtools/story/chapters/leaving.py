"""The citizen logs out, and the declaration tells the whole way."""

from devtools.story.cast import Cast
from devtools.story.report import expect

_WHOLE_WAY = [
    *("started", "submitted", "checking", "rejected", "resubmitted", "checking", "valid"),
    *("account_opened", "account_activated"),
]


async def tell(cast: Cast) -> None:
    cast.report.chapter("12. Logging out")
    await _log_out(cast)


async def _log_out(cast: Cast) -> None:
    with cast.report.step("logging out ends the session on the server"):
        await cast.second_phone.delete("/auth/v1/sessions/current")
        await cast.second_phone.get("/auth/v1/sessions/current", status=401)
    with cast.report.step("the time line tells the whole way"):
        shown = await cast.guest.get(cast.declaration_path)
        steps = [entry["step"] for entry in shown.body["time_line"]]
        expect(steps == _WHOLE_WAY, f"{_WHOLE_WAY}, not {steps}")
