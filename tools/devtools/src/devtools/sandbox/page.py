"""The page a developer keeps open: what people would have found on their phones and in their mail."""

import base64
import hashlib
import re
from collections.abc import Sequence
from html import escape

from devtools.sandbox.mailbox import Received

SHOWN_MESSAGES = 200
_LINK = re.compile(r"https?://[^\s<>\"']+")
_CODE = re.compile(r"(?<![\w-])\d{6}(?![\w-])")

# The page reloads itself when something new has arrived; it asks with the sandbox's own waiting request.
SCRIPT = """
const last = Number(document.body.dataset.last);
async function wait() {
  try {
    const answer = await fetch(`/api/messages?after=${last}&wait_seconds=50`);
    if ((await answer.json()).messages.length > 0) { location.reload(); return; }
    setTimeout(wait, 100);
  } catch { setTimeout(wait, 2000); }
}
wait();
"""

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --accent: #0b6bcb; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.35rem; margin: .5rem 0 0; }
.lead { margin: 0 0 1rem; opacity: .75; }
form { display: flex; gap: .5rem; margin-bottom: 1rem; }
input { flex: 1; }
input, button { font: inherit; padding: .45rem .7rem; border: 1px solid var(--line); border-radius: .5rem; }
article { border: 1px solid var(--line); border-radius: .8rem; padding: .8rem 1rem; margin-bottom: .8rem; }
header { display: flex; flex-wrap: wrap; gap: .2rem .8rem; font-size: .9rem; opacity: .8; }
header time { margin-left: auto; }
h2 { font-size: 1rem; margin: .4rem 0 0; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0 0; }
.kind { background: var(--soft); border-radius: .4rem; padding: 0 .5rem; }
a { color: var(--accent); } b { background: #ffd54a66; padding: 0 .2rem; border-radius: .2rem; }
"""


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def render(messages: Sequence[Received], *, to: str, last: int) -> str:
    """Return the page, newest message first. Everything received is untrusted text and is escaped."""
    newest = list(reversed(messages))[:SHOWN_MESSAGES]
    body = "\n".join(_article(message) for message in newest) or _nothing(to)
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>An Sinh Số · Tin nhắn đã nhận</title><style>{STYLE}</style></head>
<body data-last="{last}">
<h1>An Sinh Số · Tin nhắn đã nhận</h1>
<p class="lead">Mọi SMS và thư điện tử của bản chạy thử dừng lại ở đây. ·
<span lang="en">Every SMS and e-mail of this development system ends here.</span></p>
<form><input name="to" value="{escape(to, quote=True)}" placeholder="+84900000018 · ten@example.com"
 aria-label="Người nhận (recipient)"><button>Lọc · Filter</button></form>
<main>{body}</main><script>{SCRIPT}</script></body></html>"""


def _article(message: Received) -> str:
    kind = "SMS" if message.channel == "sms" else "Thư · e-mail"
    subject = f"<h2>{escape(message.subject)}</h2>" if message.subject else ""
    files = "".join(f'<p class="kind">📎 {escape(name)}</p>' for name in message.attachments)
    moment = message.received_at
    return f"""<article><header><span class="kind">{kind}</span><span>{escape(message.to)}</span>
<span>← {escape(message.sender)}</span>
<time datetime="{moment.isoformat()}">{moment.astimezone():%d/%m/%Y %H:%M:%S}</time></header>
{subject}<p class="text">{_with_marks(message.text)}</p>{files}</article>"""


def _with_marks(text: str) -> str:
    """Escape the text, make its links clickable and its codes stand out."""
    parts, position = [], 0
    for link in _LINK.finditer(text):
        parts += [_with_codes(text[position : link.start()]), _anchor(link.group())]
        position = link.end()
    return "".join([*parts, _with_codes(text[position:])])


def _with_codes(text: str) -> str:
    return _CODE.sub(r"<b>\g<0></b>", escape(text))


def _anchor(url: str) -> str:
    safe = escape(url, quote=True)
    return f'<a href="{safe}" rel="noreferrer">{safe}</a>'


def _nothing(to: str) -> str:
    who = f" cho {escape(to)}" if to else ""
    return f'<p>Chưa có tin nhắn nào{who}. · <span lang="en">Nothing received yet.</span></p>'
