import asyncio

from tests.devtools.conftest import RunningSandbox


async def test_what_was_received_is_shown_escaped(sandbox: RunningSandbox) -> None:
    await sandbox.send_sms(Body="<script>alert(1)</script> mã 123456 tại http://127.0.0.1/kich-hoat?a=1&b=2")
    async with sandbox.http.get(sandbox.url) as answer:
        page = await answer.text()
    assert "<script>alert" not in page
    assert "<b>123456</b>" in page
    assert 'href="http://127.0.0.1/kich-hoat?a=1&amp;b=2"' in page


async def test_the_page_filters_by_recipient(sandbox: RunningSandbox) -> None:
    await sandbox.send_sms("+84900000018", Body="cho An")
    await sandbox.send_sms("+84900000026", Body="cho Bình")
    async with sandbox.http.get(sandbox.url, params={"to": "+84900000018"}) as answer:
        page = await answer.text()
    assert "cho An" in page
    assert "cho Bình" not in page


async def test_a_waiting_request_is_answered_when_the_message_comes(sandbox: RunningSandbox) -> None:
    await sandbox.send_sms(Body="trước")
    waiting = asyncio.create_task(sandbox.received(to="+84900000018", after=1, wait_seconds=20))
    await sandbox.send_sms("+84900000026", Body="cho người khác")
    await sandbox.send_sms(Body="sau")
    assert [message["text"] for message in await waiting] == ["sau"]


async def test_a_waiting_request_ends_without_a_message(sandbox: RunningSandbox) -> None:
    assert await sandbox.received(wait_seconds=0.05) == []


async def test_numbers_go_on_after_everything_was_forgotten(sandbox: RunningSandbox) -> None:
    await sandbox.send_sms()
    async with sandbox.http.delete(f"{sandbox.url}/api/messages") as answer:
        assert answer.status == 204
    await sandbox.send_sms()
    assert [message["number"] for message in await sandbox.received(after=1)] == [2]


async def test_a_malformed_question_is_refused(sandbox: RunningSandbox) -> None:
    async with sandbox.http.get(f"{sandbox.url}/api/messages", params={"after": "x"}) as answer:
        assert answer.status == 422
