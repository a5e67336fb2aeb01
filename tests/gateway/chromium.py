"""A real browser without scripts, led over its own debugging protocol: goes to pages, types, presses buttons."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.eventually import eventually

FOUND: Final = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS: Final = (
    "--headless=new",
    # A container's root may not make the sandbox; the page is ours.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--remote-debugging-port=0",
)
_PATIENCE_SECONDS: Final = 90.0


class Page:
    """One tab. Scripts of pages are switched off; what is asked here goes past the page's own engine."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._session = ""

    async def open(self) -> None:
        target = await self._ask("Target.createTarget", url="about:blank")
        attached = await self._ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "DOM", "CSS"):
            await self._ask(f"{domain}.enable")
        await self._ask("Emulation.setScriptExecutionDisabled", value=True)

    async def go_to(self, url: str) -> None:
        await self._ask("Page.navigate", awaited="Page.loadEventFired", url=url)

    async def shows(self, selector: str, text: str) -> None:
        """Return once the first element that is selected has the text in it."""

        async def has_it() -> bool:
            outer = await self._ask("DOM.getOuterHTML", nodeId=await self._node(selector))
            assert text in outer["outerHTML"], outer["outerHTML"]
            return True

        await eventually(has_it, _PATIENCE_SECONDS, says=f"{selector} showing {text}")

    async def style_of(self, selector: str, name: str) -> str:
        answer = await self._ask("CSS.getComputedStyleForNode", nodeId=await self._node(selector))
        return str(next(each["value"] for each in answer["computedStyle"] if each["name"] == name))

    async def type_into(self, selector: str, text: str) -> None:
        await self._ask("DOM.focus", nodeId=await self._node(selector))
        await self._ask("Input.insertText", text=text)

    async def press(self, selector: str) -> None:
        """Press a button that leads to another page, and return once that is there."""
        node = await self._node(selector)
        await self._ask("DOM.scrollIntoViewIfNeeded", nodeId=node)
        corners = (await self._ask("DOM.getContentQuads", nodeId=node))["quads"][0]
        at = {"x": sum(corners[0::2]) / 4, "y": sum(corners[1::2]) / 4, "button": "left", "clickCount": 1}
        await self._ask("Input.dispatchMouseEvent", type="mousePressed", **at)
        await self._ask("Input.dispatchMouseEvent", awaited="Page.loadEventFired", type="mouseReleased", **at)

    async def _node(self, selector: str) -> int:
        root = (await self._ask("DOM.getDocument"))["root"]["nodeId"]
        found = (await self._ask("DOM.querySelector", nodeId=root, selector=selector))["nodeId"]
        assert found, f"nothing on the page is {selector}"
        return int(found)

    async def _ask(self, method: str, *, awaited: str | None = None, **params: Any) -> Any:  # noqa: ANN401  # JSON
        """Return the answer, once the event that is awaited has happened too."""
        self._number += 1
        number, answer, happened = self._number, None, awaited is None
        sent = {"id": number, "method": method, "params": params}
        await self._socket.send_json(sent | ({"sessionId": self._session} if self._session else {}))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while answer is None or not happened:
                told = await self._socket.receive_json()
                happened = happened or told.get("method") == awaited
                answer = told if told.get("id") == number else answer
        assert "error" not in answer, answer["error"]
        return answer["result"]


@contextlib.asynccontextmanager
async def browsing() -> AsyncIterator[Page]:
    """Run a browser of its own, with a profile that is thrown away, and give a page of it."""
    assert FOUND is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            FOUND,
            *_FLAGS,
            f"--user-data-dir={profile}",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            written = Path(profile, "DevToolsActivePort")
            address = await eventually(partial(_address_in, written), _PATIENCE_SECONDS, says="the browser listens")
            assert address is not None
            async with aiohttp.ClientSession() as http, http.ws_connect(address, max_msg_size=0) as socket:
                page = Page(socket)
                await page.open()
                yield page
        finally:
            process.kill()
            await process.wait()


def _address_in(written: Path) -> str | None:
    """Return where the browser listens, once it has written that down."""
    lines = written.read_text(encoding="utf-8").splitlines() if written.exists() else []
    return f"ws://127.0.0.1:{lines[0]}{lines[1]}" if len(lines) > 1 else None
