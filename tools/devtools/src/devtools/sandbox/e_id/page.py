"""The two pages people see: where they would show their e-ID, and what came back where there is no web front."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Final

STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 2rem auto; padding: 0 1rem; }
input, button { font: inherit; padding: .5rem .7rem; width: 100%; box-sizing: border-box; margin: .3rem 0; }
code { overflow-wrap: anywhere; }
"""
_DIGEST: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; frame-ancestors 'none'"


def show_e_id(asked: Mapping[str, str]) -> str:
    """Return the form; whatever was asked for goes along with it."""
    hidden = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(asked[name])}">' for name in asked)
    return _page(
        "Định danh điện tử (thử nghiệm)",
        f'<form method="post">{hidden}'
        '<label>Số định danh cá nhân <input name="citizen_number" pattern="[0-9]{12}" required autofocus></label>'
        "<button>Xác nhận</button></form>",
    )


def show_returned(query: Mapping[str, str]) -> str:
    lines = "".join(f"<p>{escape(name)}: <code>{escape(query[name])}</code></p>" for name in query)
    return _page("Đã trở về từ định danh điện tử", lines)


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )
