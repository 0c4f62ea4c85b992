"""The contract's own parts: sentences with places, forms from settings, messages that survive JSON."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from drivers.contract import (
    Action,
    Attachment,
    Driver,
    HookRequest,
    Inbound,
    Location,
    NeedsHuman,
    NotReady,
    Outbound,
    Party,
    Probe,
    SendError,
    Settings,
    Sink,
    Status,
    fields,
    setting,
)


class Modem(Settings, frozen=True, kw_only=True):
    port: Annotated[str, setting("Puerto", help="Vacío: se busca.", example="/dev/ttyUSB2")]
    rate: Annotated[int, setting("Velocidad", advanced=True, ge=300, le=4_000_000)] = 115200
    mode: Annotated[Literal["pdu", "text"], setting("Modo", choices={"text": "Texto"})] = "pdu"
    pin: Annotated[str, setting("PIN", secret=True)] = ""
    roaming: Annotated[bool, setting("Permitir itinerancia")] = False
    numbers: Annotated[str, setting("Números", lines=True)] = ""


class Silent(Driver[Modem]):
    """The least a driver can be."""

    kind, title, Settings = "silent", "Muda", Modem

    async def run(self, sink: Sink) -> None:
        sink.ready()

    async def probe(self) -> Probe:
        return Probe(ok=True, sentence="Sí.")


def test_it_works() -> None:
    form = {f.name: f for f in fields(Modem)}
    assert [f.kind for f in form.values()] == ["text", "number", "choice", "secret", "flag", "lines"]
    assert (form["port"].label, form["port"].help, form["port"].required) == ("Puerto", "Vacío: se busca.", True)
    assert (form["rate"].default, form["rate"].ge, form["rate"].advanced) == (115200, 300, True)
    assert form["mode"].choices == {"pdu": "pdu", "text": "Texto"}
    assert [f.name for f in form.values() if f.secret] == ["pin"]


def test_settings_say_which_value_is_wrong() -> None:
    with pytest.raises(msgspec.ValidationError, match="rate"):
        msgspec.convert({"port": "x", "rate": 1}, Modem)
    with pytest.raises(msgspec.ValidationError, match="speed"):
        msgspec.convert({"port": "x", "speed": 1}, Modem)


def test_a_sentence_fills_its_places_and_keeps_its_msgid() -> None:
    error = SendError(False, "429", "Espere %(n)s s.", after_s=3, n=3)
    assert (str(error), error.sentence, error.facts) == ("Espere 3 s.", "Espere %(n)s s.", {"n": 3})
    assert (error.permanent, error.code, error.after_s) == (False, "429", 3)
    assert str(NotReady("100 %")) == "100 %"
    assert NeedsHuman("PIN", "Quite el PIN").what_to_do == "Quite el PIN"


async def test_what_a_driver_does_not_do_it_refuses_in_words(tmp_path: Path) -> None:
    line = Silent(Modem(port="x"))
    for refused in (
        line.send(Outbound(key="k", channel="sms", to="+50680000001")),
        line.fetch(Attachment(ref="r"), tmp_path / "x"),
        line.do(Action()),
    ):
        with pytest.raises(SendError) as error:
            await refused
        assert error.value.permanent
    assert line.hook(HookRequest(method="POST")).status == 404
    assert await line.describe() == {}


def test_messages_survive_json_whole() -> None:
    inbound = Inbound(
        external_id="1",
        channel="sms",
        sender=Party(address="+50680000001", name="Ñu 😀"),
        text="¡Hola!",
        sent_at=datetime(2026, 11, 21, tzinfo=UTC),
        location=Location(latitude=9.9, longitude=-84.1),
        attachments=(Attachment(content=b"\x00\xff", name="a.bin"),),
        raw={"x": [1, None]},
    )
    assert msgspec.json.decode(msgspec.json.encode(inbound), type=Inbound) == inbound
    status = Status(state="failed", external_id="1", code="21", final=False)
    assert msgspec.json.decode(msgspec.json.encode(status), type=Status) == status
    hook = HookRequest(method="POST", body=b"\x00{", headers={"a": "b"}, query=(("a", "1"), ("a", "2")))
    assert msgspec.json.decode(msgspec.json.encode(hook), type=HookRequest) == hook
