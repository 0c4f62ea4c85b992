"""The bench's own tools, against servers whose behaviour is known: a measure that errs is worse than none."""

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import phonenumbers
import pytest

from tests.beds.cluster import free_port
from tests.benchmarks.dataset import COLUMNS, contacts, make_file
from tests.benchmarks.http import BadAnswer, Connection, Request, ask
from tests.benchmarks.load import closed_loop, fixed_rate, percentile
from tests.benchmarks.processes import serving
from tests.benchmarks.scenarios import all_scenarios
from tests.benchmarks.streams import Listeners
from tests.benchmarks.table import Goal, Row, markdown, number

Reply = Callable[[bytes], Awaitable[bytes]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\n\r\nhi"
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@asynccontextmanager
async def server(reply: Reply) -> AsyncIterator[int]:
    """A server that answers each request head with what `reply` says; its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            writer.write(await reply(head))
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield listening.sockets[0].getsockname()[1]
    listening.close()


async def ok(_head: bytes) -> bytes:
    return OK


async def test_it_works():
    async with server(ok) as port:
        load = await closed_loop(port, [Request("/")], 0.2, connections=2, warm_up_s=0)
    assert load.wrong == 0
    assert load.count > 20
    assert load.bytes == 2 * load.count
    assert load.per_s == pytest.approx(load.count / load.seconds)


async def test_a_request_is_sent_as_it_was_written():
    seen = []

    async def remember(head: bytes) -> bytes:
        seen.append(head)
        return OK

    async with server(remember) as port:
        answer = await ask(port, Request("/x?y=1", "POST", {"Cookie": "a=1"}))
    assert seen[0].startswith(b"POST /x?y=1 HTTP/1.1\r\n")
    assert b"Cookie: a=1\r\n" in seen[0]
    assert b"Content-Length: 0\r\n" in seen[0]
    assert answer.cookies() == {"a": "1", "b": "2"}


async def test_chunks_are_joined():
    async def chunked(_head: bytes) -> bytes:
        return HEAD + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"

    async with server(chunked) as port:
        assert (await ask(port, Request())).body == b"abcde"


async def test_a_connection_that_was_told_to_close_opens_again():
    async def closing(_head: bytes) -> bytes:
        return OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    async with server(closing) as port:
        connection = Connection(port)
        for _ in range(3):
            await connection.ask(Request().encode())
    assert connection.opened == 3


async def test_what_is_not_an_answer_is_an_error():
    async def noise(_head: bytes) -> bytes:
        return b"HTTP/1.1 200 OK\r\n\r\n"

    async with server(noise) as port:
        with pytest.raises(BadAnswer):
            await ask(port, Request())


async def test_refusals_count_as_wrong_and_not_as_speed():
    async def refuse(_head: bytes) -> bytes:
        return b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"

    async with server(refuse) as port:
        load = await closed_loop(port, [Request()], 0.1, connections=1, warm_up_s=0)
    assert load.count == 0
    assert load.wrong > 0


async def test_a_fixed_rate_keeps_its_rate():
    async with server(ok) as port:
        load = await fixed_rate(port, [Request()], seconds=0.5, per_s=100)
    assert load.count == 50
    assert load.seconds == pytest.approx(0.5, abs=0.2)


async def test_a_stall_is_felt_by_everyone_it_delays():
    """One stall of 0.3 s at 100 requests/s on one connection must show in some thirty waits, not in one."""
    stalls = iter([0.3])

    async def stall_once(_head: bytes) -> bytes:
        await asyncio.sleep(next(stalls, 0))
        return OK

    async with server(stall_once) as port:
        load = await fixed_rate(port, [Request()], seconds=0.6, per_s=100, connections=1)
    assert sum(wait > 0.1 for wait in load.latencies) >= 15
    assert load.ms(70) > 50


@pytest.mark.parametrize(("percent", "expected"), [(50, 50), (99, 99), (100, 100), (0, 1), (99.5, 100)])
def test_percentiles_are_of_values_that_happened(percent, expected):
    assert percentile([float(n) for n in range(100, 0, -1)], percent) == expected


def test_the_percentile_of_nothing_is_nothing():
    assert percentile([], 99) == 0


async def test_listeners_hear_every_nudge():
    heard = asyncio.Event()
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"\r\n: hello\n\n")
        writers.append(writer)
        await heard.wait()

    async def nudge() -> None:
        for writer in writers[:-1]:  # the last one is forgotten
            writer.write(b"event: contact-1\n\n")

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with Listeners(listening.sockets[0].getsockname()[1], Request("/live"), 20) as listeners:
        async with asyncio.timeout(30):
            found = await listeners.hear(b"contact-1", nudge, times=1, patience_s=1)
    heard.set()
    listening.close()
    assert len(found.heard_s) == 19
    assert found.missed == 1


def test_processor_time_and_memory_are_those_of_the_family(tmp_path):
    """A server whose child burns the processor: the child's time counts."""
    busy = "while time.process_time() < 0.3: pass\ntime.sleep(9)"
    code = (
        "import socket, subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {'import time' + chr(10) + busy!r}])\n"
        "s = socket.create_server(('127.0.0.1', int(sys.argv[1])))\ntime.sleep(9)"
    )
    port = free_port()
    command = [sys.executable, "-c", code, str(port)]
    with serving("burner", command, {"BENCH_DATA": str(tmp_path)}, port) as served:
        deadline = time.monotonic() + 8
        while served.cpu_s() < 0.3 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert 0.3 <= served.cpu_s() < 1.5
        assert served.memory_mb() > 4
    assert served.process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(served.process.pid, 0)


def test_a_server_that_does_not_start_says_why(tmp_path):
    with pytest.raises(RuntimeError, match="no such thing"):  # noqa: SIM117
        with serving(
            "dud", [sys.executable, "-c", "raise SystemExit('no such thing')"], {"BENCH_DATA": str(tmp_path)}, 9
        ):
            pass


def test_contacts_repeat_and_their_numbers_are_valid(tmp_path):
    rows = list(contacts(3000))
    assert rows == list(contacts(3000))
    phones = [row[COLUMNS.index("phone")] for row in rows]
    assert len(set(phones)) == 3000
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones[::50])
    with sqlite3.connect(make_file(tmp_path / "c.db", 100)) as connection:
        assert connection.execute("SELECT count(*), max(id) FROM contact").fetchone() == (100, 100)


def test_the_table_says_what_fell_short():
    rows = [
        Row("page", "900/s", 6.5, "Django 145/s", "6.5x", Goal("x", at_least=6)),
        Row("slow", "20 ms", 20, goal=Goal("ms", at_most=15)),
    ]
    table = markdown(rows)
    assert [row.ok for row in rows] == [True, False]
    assert "| >= 6 x   | yes |" in table
    assert "| <= 15 ms | NO  |" in table
    assert len({len(line) for line in table.splitlines()}) == 1


@pytest.mark.parametrize(
    ("value", "said"), [(1234.5, "1,234"), (12.34, "12.3"), (12.0, "12"), (0.123, "0.12"), (2, "2")]
)
def test_numbers_are_short(value, said):
    assert number(value) == said


def test_every_scenario_says_what_it_measures():
    found = all_scenarios()
    assert found
    assert [name for name, module in found.items() if not module.__doc__ or not callable(module.run)] == []
