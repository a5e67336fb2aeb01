"""The code screen: where the code is, how long it counts, when another may be asked for (U-02)."""

from datetime import datetime
from typing import Annotated, Final

from ansinh_contracts.auth import CodePurpose
from ansinh_contracts.notifications import Channel
from ansinh_kit.http.bilingual import Bilingual
from fastapi import APIRouter, Path
from pydantic import BaseModel

from auth.handlers.code_screen import CodeScreen
from auth.storage.deliveries import DeliveryState

# What NIST 3.2.9 asks of codes by text message: the risk is told, and a stronger way is offered.
SMS_ADVICE: Final = Bilingual(
    "Mã gửi qua tin nhắn có thể bị người khác xem trộm hoặc chiếm SIM để nhận thay. "
    "Khóa truy cập (passkey) hoặc thiết bị đã liên kết an toàn hơn: hãy đăng ký trong phần Cài đặt.",
    "A code sent by text message can be read by others, or received by whoever takes over the SIM. "
    "A passkey or a bound device is safer: add one under Settings.",
)

ChallengeInPath = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class CodeShown(BaseModel):
    """`held_back_until` is an honest wait: before it no SMS leaves for numbers like this one.

    Of a code that anyone may ask for (activation, recovery) neither target nor delivery is shown: they would tell
    whether there is an account. `now` is the server's clock, for counting down. `advice` stands with every code by
    text message (SEC-47): what is weak about it, and which ways are stronger.
    """

    challenge_id: str
    purpose: CodePurpose
    channel: Channel
    masked_target: str | None
    delivery: DeliveryState | None
    held_back_until: datetime | None
    expires_at: datetime
    next_sending_at: datetime
    now: datetime
    advice: Bilingual | None = None


def code_screen_routes(screen: CodeScreen) -> APIRouter:
    routes = APIRouter(prefix="/v1/challenges", tags=["challenges"])

    @routes.get("/{challenge_id}")
    async def show_code(challenge_id: ChallengeInPath) -> CodeShown:
        """Its id is known to nobody but the one who asked for the code: 128 random bits."""
        shown = CodeShown.model_validate(await screen.show(challenge_id), from_attributes=True)
        return shown.model_copy(update={"advice": SMS_ADVICE}) if shown.channel == "sms" else shown

    return routes
