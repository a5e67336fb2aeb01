"""The HTTP client for what the gateway asks in its own name: sessions, news, documents."""

import aiohttp


def new_client(*, connect_seconds: float) -> aiohttp.ClientSession:
    """Return a client that adds nothing of its own: no cookies, no redirects, no proxies."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(keepalive_timeout=3.0),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
    )
