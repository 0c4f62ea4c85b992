"""The Graph: where a token may go, and what an odd answer is."""

from pathlib import Path

import pytest

from drivers.contract import Attachment, NeedsHuman, SendError
from drivers.http import Times
from drivers.meta.faults import Refused
from drivers.meta.graph import Graph
from tests.drivers.peers.wire import Reply, serving

QUICK = Times(connect_s=0.2, silence_s=0.2, whole_s=0.4)


def graph(base_url: str = "https://graph.example", token: str = "t") -> Graph:
    return Graph(base_url, "v23.0", token, times=QUICK, hosts="lookaside.fbsbx.com\nfbcdn.net")


async def test_it_works() -> None:
    async with serving(lambda asked: Reply(value={"path": asked.path, "q": asked.query["fields"]})) as wire:
        assert await graph(wire.url).get("77", fields="name") == {"path": "/v23.0/77", "q": "name"}
    assert wire.asked[0].headers["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    "url",
    ["https://lookaside.fbsbx.com/a?b=1", "https://scontent.xx.fbcdn.net/a", "https://LOOKASIDE.fbsbx.com:443/a",
     "https://graph.example/a"],
)  # fmt: skip
def test_metas_hosts_are_trusted(url: str) -> None:
    assert graph().trusts(url)


@pytest.mark.parametrize(
    "url",
    ["http://lookaside.fbsbx.com/a", "https://lookaside.fbsbx.com.evil.example/a", "https://evil.example/fbsbx.com",
     "https://xfbcdn.net/a", "https://lookaside.fbsbx.com@evil.example/", "https://u@lookaside.fbsbx.com/",
     "https://lookaside.fbsbx.com:8443/", "http://graph.example/a", "file:///etc/passwd", "", "https://[", "//x"],
)  # fmt: skip
async def test_the_token_goes_nowhere_else(url: str, tmp_path: Path) -> None:
    assert not graph().trusts(url)
    with pytest.raises(SendError, match="no es de Meta"):
        await graph().download(url, tmp_path / "a", most=10, with_token=True)


async def test_metas_own_redirections_are_followed_and_others_are_not(tmp_path: Path) -> None:
    ways = {"/a": Reply(302, headers={"Location": "/b"}), "/b": Reply(body=b"file"),
            "/out": Reply(302, headers={"Location": "https://evil.example/"}),
            "/bad": Reply(302, headers={"Location": "https://["}),
            "/round": Reply(302, headers={"Location": "/round"})}  # fmt: skip
    async with serving(lambda asked: ways[asked.path]) as wire:
        meta = graph(wire.url)
        assert (await meta.download(f"{wire.url}/a", tmp_path / "a", most=10, with_token=True)).size == 4
        for wrong in ("/out", "/bad"):
            with pytest.raises(SendError, match="no es de Meta"):
                await meta.download(f"{wire.url}{wrong}", tmp_path / "b", most=10, with_token=True)
        assert (await meta.download(f"{wire.url}/round", tmp_path / "c", most=10, with_token=True)).status == 302
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


async def test_a_version_may_be_written_without_its_v() -> None:
    async with serving(lambda asked: Reply(value={"path": asked.path})) as wire:
        for said in ("23.0", "v23.0", " /v23.0/ "):
            assert (await Graph(wire.url, said, "t", times=QUICK).get("7"))["path"] == "/v23.0/7"


async def test_without_a_token_nothing_is_asked() -> None:
    with pytest.raises(NeedsHuman, match="Falta el token"):
        await graph(token=" ").get("77")


@pytest.mark.parametrize("body", [b"", b"[]", b"OK", b'"x"'])
async def test_a_good_status_without_an_object_is_not_metas_answer(body: bytes) -> None:
    async with serving(lambda _asked: Reply(body=body)) as wire:
        with pytest.raises(Refused) as error:
            await graph(wire.url).post("77/messages", {})
    assert error.value.fault.doubtful


async def test_an_error_under_a_good_status_is_an_error() -> None:
    async with serving(lambda _asked: Reply(value={"error": {"code": 190}})) as wire:
        with pytest.raises(Refused) as error:
            await graph(wire.url).get("77")
    assert error.value.fault.code == 190


@pytest.mark.parametrize("path", ["", "/nowhere/file.pdf", "/"])
async def test_a_file_that_is_gone_is_said(path: str) -> None:
    with pytest.raises(SendError, match="ya no está"):
        await graph().upload("77/media", {}, Attachment(path=path, name="file.pdf"), "file")
