"""The memories of the pseudo-terminal modem: list, read, delete, acknowledge; in octets or as text."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from drivers.gsm.pdu.message import Deliver, decode
from drivers.gsm.pdu.split import text_of
from tests.drivers.gsm.pdu.network import Sent

if TYPE_CHECKING:
    from tests.drivers.peers.modem import Modem

OFFERS: dict[str, Callable[[tuple[str, ...]], tuple[str, ...]]] = {
    "AT+CMGF": lambda _names: ("+CMGF: (0,1)",),
    "AT+CNMI": lambda _names: ("+CNMI: (0-2),(0-3),(0,2,3),(0-2),(0,1)",),
    "AT+CPMS": lambda names: ("+CPMS: " + ",".join(["(" + ",".join(f'"{name}"' for name in names) + ")"] * 3),),
}
STATES = ("REC UNREAD", "REC READ", "STO UNSENT", "STO SENT")


class Sms:
    """Answers to the commands about messages; None for those it does not know."""

    def __init__(self, modem: "Modem") -> None:
        self.modem = modem

    def said(self, up: str, line: str) -> tuple[str, ...] | None:
        command, _, value = line.partition("=")
        work = {
            "AT+CMGF": self._mode, "AT+CSMS": self._service, "AT+CNMI": self._notices, "AT+CPMS": self._choose,
            "AT+CMGL": self._list, "AT+CMGR": self._read, "AT+CMGD": self._delete, "AT+CNMA": self._acknowledge,
        }.get(command.upper().rstrip("?"))  # fmt: skip
        if work is not None and value == "?":
            return (*OFFERS.get(command.upper(), lambda _: ())(self.modem.profile.memories), "OK")
        return None if work is None else work(value if "=" in line else "?" if line.endswith("?") else "")

    def _mode(self, value: str) -> tuple[str, ...]:
        if value == "?":
            return (f"+CMGF: {int(self.modem.text_mode)}", "OK")
        self.modem.text_mode = value == "1"
        return ("OK",)

    def _service(self, value: str) -> tuple[str, ...]:
        if value in ("0", "1"):
            self.modem.csms = int(value)
        return ("+CSMS: 1,1,1", "OK")

    def _notices(self, value: str) -> tuple[str, ...]:
        if value == "?":
            return (f"+CNMI: 2,{self.modem.cnmi[0]},0,{self.modem.cnmi[1]},0", "OK")
        fields = [int(part) for part in value.split(",") if part.strip().isdigit()]
        if len(fields) < 4:
            fields += [0] * (4 - len(fields))
        self.modem.cnmi = (fields[1], fields[3])
        return ("OK",)

    def _choose(self, value: str) -> tuple[str, ...]:
        modem = self.modem
        if value == "?":
            used = len(modem.slots(modem.reading))
            return ("+CPMS: " + ",".join([f'"{modem.reading}",{used},{modem.capacity}'] * 3), "OK")
        name = value.split(",")[0].strip('"') if value else modem.reading
        if name not in (*modem.profile.memories, "SR"):
            return ("+CMS ERROR: 302",)
        modem.reading = name
        used = len(modem.slots(name))
        return ("+CPMS: " + ",".join([f"{used},{modem.capacity}"] * 3), "OK")

    def _list(self, value: str) -> tuple[str, ...]:
        wanted = {"4": None, '"ALL"': None, "": 0, "0": 0, "1": 1}.get(value, 9)
        found: list[str] = []
        for index, (state, line) in sorted(self.modem.slots(self.modem.reading).items()):
            if wanted in (None, state):
                found += self._shown(f"+CMGL: {index},", state, line)
                self.modem.slots(self.modem.reading)[index] = (state or 1, line)
        return ("\r\n".join(found), "OK") if found else ("OK",)

    def _read(self, value: str) -> tuple[str, ...]:
        slots, index = self.modem.slots(self.modem.reading), int(value)
        if index not in slots:
            return ("+CMS ERROR: 321",)
        state, line = slots[index]
        slots[index] = (state or 1, line)
        return ("\r\n".join(self._shown("+CMGR: ", state, line)), "OK")

    def _shown(self, head: str, state: int, line: str) -> list[str]:
        if not self.modem.text_mode:
            return [f"{head}{state},,{len(line) // 2 - 1 - int(line[:2], 16)}", line]
        got = decode(line)
        assert isinstance(got, Deliver)
        text = text_of([got.body])
        stamp = got.at.strftime("%y/%m/%d,%H:%M:%S+00") if got.at else ""
        shown = text.encode("utf-16-be").hex().upper() if self.modem.charset == "UCS2" else text
        sender = got.sender.encode("utf-16-be").hex().upper() if self.modem.charset == "UCS2" else got.sender
        return [f'{head}"{STATES[state]}","{sender}",,"{stamp}",145,4,0,0,"+50680000099",145,{len(text)}', shown]

    def _delete(self, value: str) -> tuple[str, ...]:
        index, _, flag = value.partition(",")
        slots = self.modem.slots(self.modem.reading)
        if flag in ("", "0"):
            slots.pop(int(index), None)
        else:
            gone = {"1": (1,), "2": (1, 3), "3": (1, 2, 3), "4": (0, 1, 2, 3)}[flag]
            for at in [at for at, (state, _) in slots.items() if state in gone]:
                del slots[at]
        self.modem.freed()
        return ("OK",)

    def _acknowledge(self, _value: str) -> tuple[str, ...]:
        if not self.modem.unacknowledged:
            return ("+CMS ERROR: 340",)
        self.modem.unacknowledged.popleft()
        return ("OK",)

    def read_text(self, command: str, text: str) -> Sent:
        found = re.fullmatch(r'AT\+CMGS="([^"]+)"(?:,\d+)?', command)
        assert found, "a number in quotes"
        to = found[1]
        if self.modem.charset == "UCS2":
            to, text = (bytes.fromhex(each).decode("utf-16-be") for each in (to, text))
        assert re.fullmatch(r"\+?\d+", to), "a number"
        assert len(text) <= 160, "one message"
        return Sent(to, text, False, 0, 0, 0, None, 0)
