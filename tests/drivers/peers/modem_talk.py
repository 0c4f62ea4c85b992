"""What the pseudo-terminal modem hears and how it answers: AT commands of 3GPP TS 27.005 and 27.007."""

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from drivers.gsm.pdu.alphabet import to_septets
from drivers.gsm.pdu.septets import pack
from tests.drivers.gsm.pdu.network import Sent, read_submit
from tests.drivers.peers.modem_sms import Sms

if TYPE_CHECKING:
    from tests.drivers.peers.modem import Fault, Modem, Plug

WELL_FORMED = re.compile(r"AT(?:[DAHEZVQ&SO].*|[+^*$#%][A-Z0-9]+(?:=\?|\?|=.*)?|)", re.IGNORECASE)
FREE = re.compile(r"AT(?:E0|E1|&F|Z|\+CMEE=\d|\+CLIP=1|\+CRC=\d|\+CFUN=[014]|\+CGREG=\d|\+CREG=\d|\+CMMS=1|\+COPS=3,\d|"
                  r"\+CSDT=0|\+CSCLK=0|\+CVHU=0|\+CUSD=[12]|\+CSDH=1|\^CURC=0|\^USSDMODE=0|\^CVOICE=0|\+WIND=0|\+ZOPRT=5|"
                  r"\+CSCA=.*|\+QURCCFG=.*|\+CPBS=.*|)", re.IGNORECASE)  # fmt: skip


class Talk:
    """Bytes from the computer in, the modem's words out."""

    def __init__(self, modem: "Modem", plug: "Plug") -> None:
        self.modem = modem
        self.plug = plug
        self.sms = Sms(modem)
        self.buffer = b""
        self.text_for: str | None = None  # the command that asked for a text
        self.held = False  # busy with a command: what comes meanwhile waits, as in a real one's buffer
        self.pending: set[asyncio.TimerHandle] = set()

    def end(self) -> None:
        for timer in self.pending:
            timer.cancel()

    def later(self, seconds: float, what: str) -> None:
        """Something said after a while."""
        self.do_later(seconds, lambda: self.modem.say(what))

    def do_later(self, seconds: float, work: Callable[[], None]) -> None:
        def run() -> None:
            self.pending.discard(timer)
            work()
            self.hear(b"")
            self.plug.flush()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self.pending.add(timer)

    def hear(self, data: bytes) -> None:
        self.buffer += data
        while not self.held and self._step():
            pass

    def _step(self) -> bool:
        ends = rb"[\x1a\x1b]" if self.text_for is not None else rb"[\r\x1b]"
        found = re.search(ends, self.buffer)
        if not found:
            return False
        taken, end = self.buffer[: found.start()].decode("latin-1"), found[0]
        self.buffer = self.buffer[found.end() :]
        if self.text_for is not None:
            command, self.text_for = self.text_for, None
            self._text(command, taken, end)
        elif end == b"\r":
            self._command(taken.strip())
        return True

    def _command(self, line: str) -> None:
        if not line:
            return
        if self.modem.echo:
            self.modem.say(line + "\r")
        self.modem.commands.append(line)
        if not WELL_FORMED.fullmatch(line):
            self.modem.complaints.append(f"no command: {line!r}")
        fault = self.modem.take_fault(line)
        if fault:
            self._faulty(fault, line)
        else:
            self._answer(line)

    def _faulty(self, fault: "Fault", line: str) -> None:
        match fault.what:
            case "error":
                self.modem.notice(fault.say)
            case "half":
                self.modem.say(fault.say)
            case "unplug":
                self.plug.unplug()
            case "ok":
                self.modem.notice("OK")
            case "delay":
                self.held = True
                self.do_later(fault.seconds, lambda: self._released(self._answer, line))
            case "late_prompt":
                self.held = True
                self.do_later(fault.seconds, lambda: self._released(self._prompt, line))
            case "noise":
                self.modem.say(fault.say)
                self._answer(line)

    def _released(self, work: Callable[[str], None], line: str) -> None:
        self.held = False
        work(line)

    def _prompt(self, line: str) -> None:
        self.text_for = line
        self.modem.say(self.modem.profile.prompt)

    def _answer(self, line: str) -> None:
        if self.modem.profile.chatter:
            self.modem.notice(self.modem.profile.chatter)
        if line.upper().startswith("AT+CMGS="):
            self._prompt(line)
            return
        said = self._said(line)
        if said is None:
            self.modem.notice("+CME ERROR: 100" if line[2:3] == "+" else "ERROR")
        else:
            self.modem.notice(*said)

    def _text(self, command: str, text: str, end: bytes) -> None:
        if end == b"\x1b":
            self.modem.notice("OK")
            return
        refused = self.modem.take_fault(command)
        if refused and refused.what == "error":
            self.modem.notice(refused.say)
            return
        try:
            sent = self._read(command, text)
        except (AssertionError, ValueError, IndexError) as complaint:
            self.modem.complaints.append(f"{command}: {complaint}")
            self.modem.notice("+CMS ERROR: 304")
            return
        self._accept(command, sent)

    def _read(self, command: str, text: str) -> Sent:
        if self.modem.text_mode:
            return self.sms.read_text(command, text)
        return read_submit(text, int(command.partition("=")[2]))

    def _accept(self, command: str, sent: Sent) -> None:
        ref, reports = self.modem.accept(sent), self.modem.network.reports
        if sent.report and reports == "early":
            self.modem.tell_report(ref, sent.to)
        fault = self.modem.take_fault(command, after_text=True)
        if fault and fault.what in ("silence", "unplug", "half", "error"):
            self._faulty(fault, command)
            return
        self.modem.notice(f"+CMGS: {ref}", *([fault.say] if fault else []), "OK")
        if sent.report and reports == "now":
            self.modem.tell_report(ref, sent.to)

    def _said(self, line: str) -> tuple[str, ...] | None:
        """The lines of the answer; None for an error."""
        modem, up = self.modem, line.upper()
        if any(up.startswith(each) for each in modem.profile.refuses):
            return None
        special = self._sim(up, line)
        if special is not None:
            return special
        for part in (self._identity, self._network, self._calls, self.sms.said):
            said = part(up, line)
            if said is not None:
                return said
        if FREE.fullmatch(line):
            modem.echo = up == "ATE1" or (modem.echo and up != "ATE0")
            return ("OK",)
        return None

    def _sim(self, up: str, line: str) -> tuple[str, ...] | None:
        modem = self.modem
        trouble = {"absent": "+CME ERROR: 10", "busy": "+CME ERROR: 14", "failure": "+CME ERROR: 13"}.get(modem.sim)
        if up in ("AT+CFUN=1,1", "AT+CRESET", "AT^RESET", "AT+CFUN=1") and modem.take_fault("RESET") is None:
            self._reset(up)
        if up == "AT+CPIN?":
            if trouble:
                return (trouble,)
            return (f"+CPIN: {modem.locked or 'READY'}", *(() if modem.profile.pin_endless else ("OK",)))
        if up.startswith("AT+CPIN="):
            return self._unlock(line.partition("=")[2].strip('"'))
        needs_sim = up.startswith(("AT+CMG", "AT+CPMS", "AT+CNMI", "AT+C" + "CID", "AT+CSCA"))
        return (trouble or "+CME ERROR: 11",) if needs_sim and (trouble or modem.locked) else None

    def _unlock(self, pin: str) -> tuple[str, ...]:
        modem = self.modem
        if pin == modem.pin and modem.locked == "SIM PIN":
            modem.locked, modem.pin_tries = "", 3
            return ("OK",)
        modem.pin_tries -= 1
        modem.locked = "SIM PIN" if modem.pin_tries else "SIM PUK"
        return ("+CME ERROR: 16",)

    def _reset(self, how: str) -> None:
        self.modem.resets += 1
        self.plug.on_reset()
        if how != "AT+CFUN=1":
            self.modem.forget()
            self.later(0.01, "\r\nRDY\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n")

    def _identity(self, up: str, line: str) -> tuple[str, ...] | None:
        modem = self.modem
        plain = {"AT+CGMI": modem.profile.maker, "AT+GMI": modem.profile.maker, "AT+CGMM": modem.profile.model,
                 "AT+GMM": modem.profile.model, "AT+CGMR": "R1", "AT+GMR": "R1", "AT+CGSN": modem.imei,
                 "AT+GSN": modem.imei, "AT+CIMI": "712011234567890"}  # fmt: skip
        if up in plain:
            return (plain[up], "OK")
        if up in (f"AT{modem.profile.card_command}", f"AT{modem.profile.card_command}?"):
            return (f"{modem.profile.card_command}: {modem.iccid}", "OK")
        if up.startswith("AT+CSCS=") and up != "AT+CSCS=?":
            modem.charset = line.partition("=")[2].strip('"')
            return ("OK",)
        fixed = {"AT+CSCS?": f'+CSCS: "{modem.charset}"', "AT+CSCS=?": '+CSCS: ("GSM","IRA","UCS2")',
                 "AT+CBC": "+CBC: 0,80", "AT+CPAS": "+CPAS: 0", "AT+CSCA?": '+CSCA: "+50680000099",145'}  # fmt: skip
        return (fixed[up], "OK") if up in fixed else None

    def _network(self, up: str, line: str) -> tuple[str, ...] | None:
        network = self.modem.network
        if up in ("AT+CREG?", "AT+CGREG?"):
            return (f"{up[2:-1]}: 0,{network.registration}", "OK")
        if up == "AT+CSQ":
            return (f"+CSQ: {network.rssi},99", "OK")
        if up == "AT+COPS?":
            return (f'+COPS: 0,0,"{network.operator}"', "OK")
        if up.startswith("AT+CUSD=1,"):
            self._ussd(line)
            return ("OK",)
        return None

    def _ussd(self, line: str) -> None:
        modem, asked = self.modem, line.split('"')[1]
        if modem.charset == "UCS2" and modem.profile.ussd != "packed":
            asked = bytes.fromhex(asked).decode("utf-16-be")
        if modem.profile.ussd == "packed":
            packed = {pack(to_septets(code) or b"").hex().upper(): code for code in modem.network.ussd}
            asked = packed.get(asked, asked)
        if asked not in modem.network.ussd:
            return
        state, said = modem.network.ussd[asked]
        self.later(0.005, f'\r\n+CUSD: {state},"{self._written(said)}",{self._dcs()}\r\n')

    def _written(self, said: str) -> str:
        if self.modem.profile.ussd == "packed":
            return pack(to_septets(said) or b"").hex().upper()
        return said.encode("utf-16-be").hex().upper() if self.modem.charset == "UCS2" else said

    def _dcs(self) -> int:
        return 72 if self.modem.charset == "UCS2" and self.modem.profile.ussd != "packed" else 15

    def _calls(self, up: str, line: str) -> tuple[str, ...] | None:
        modem = self.modem
        if up == "AT+CLCC":
            if not modem.profile.clcc:
                return None
            legs = [f'+CLCC: {i},{int(bool(w))},{s},0,0,"{n}",129' for i, (w, s, n) in modem.calls.items()]
            return (*legs, "OK")
        if up.startswith("ATD"):
            modem.network.dialled.append(line[3:].rstrip(";"))
            modem.calls[1] = [False, 2, line[3:].rstrip(";")]
            return ("OK",)
        if up == "ATA":
            modem.calls[1][1] = 0
            return ("OK",)
        if up in ("AT+CHUP", "ATH"):
            modem.calls.clear()
            return ("OK",)
        if up.startswith(("AT+VTS=", "AT^DTMF=")):
            modem.network.tones.append(re.split("[=,]", line)[-1].strip('"'))
            return ("OK",)
        return None
