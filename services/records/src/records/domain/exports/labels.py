"""Words that stand on every export, and moments as they are written on it."""

from datetime import datetime
from typing import Final

from ansinh_kit.working_days import VIETNAM

from records.domain.language import Text

AS_OF: Final = Text("Dữ liệu tính đến", "As recorded on")
MADE_AT: Final = Text("Lập lúc", "Made on")
CODE: Final = Text("Mã kiểm tra", "Check code")
CHECK_ADDRESS: Final = Text("Kiểm tra tại", "Check it at")
PAGE: Final = Text("Trang", "Page")
QR_SAYS: Final = Text("Mã QR dẫn đến trang kiểm tra", "QR code that leads to the check")


def moment(at: datetime) -> str:
    """Return the moment in Viet Nam, as `22/11/2026 10:00:00`."""
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")
