"""The people of the story. All are made up, and new in every run, so that the story can be told again and again."""

import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Citizen:
    """A declarant, with the codes that would stand on the person's cards."""

    social_insurance_number: str
    citizen_number: str
    full_name: str
    phone: str
    email: str
    password: str = field(repr=False)

    @classmethod
    def invent(cls) -> "Citizen":
        serial = f"{secrets.randbelow(10**6):06d}"
        return cls(
            social_insurance_number=f"66{secrets.randbelow(10**8):08d}",
            citizen_number=f"066090{serial}",
            full_name="Nguyễn Văn Mẫu",
            phone=f"0900{serial}",
            email=f"mau.{secrets.token_hex(6)}@example.com",
            password=f"bốn con vịt {secrets.token_hex(6)}",
        )

    @property
    def phone_e164(self) -> str:
        return f"+84{self.phone[1:]}"

    def citizen_card(self) -> str:
        """Return what the QR code of the person's citizen card says: seven fields, the layout with districts."""
        return (
            f"{self.citizen_number}|240000018|{self.full_name}|17031990|Nam"
            "|Số 1, Phố Thử Nghiệm, Tân Lợi, Buôn Ma Thuột, Đắk Lắk|15042021"
        )

    def health_card(self) -> str:
        """Return what the QR code of the person's health card says: name and address as hex of UTF-8."""
        name = self.full_name.encode().hex()
        address = "Số 1 Phố Thử Nghiệm".encode().hex()
        number = self.social_insurance_number
        return (
            f"DN466{number}|{name}|17/03/1990|1|{address}|66 - 001|01/01/2021|-|15/12/2020|6601{number}"
            "|-|4|01/01/2026|0123456789abcdef-7102|$"
        )


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of staff as the demo data made one: `totp_secret` is what an authenticator app would hold."""

    user_name: str
    agency_code: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
