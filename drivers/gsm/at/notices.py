"""What a modem says unasked: which lines these are, and which of them another line follows."""

import re
from typing import Literal

Tail = Literal["", "line", "text"]
"""line: the next line belongs to it (a message as octets); text: quotes may stay open over several lines."""

NOTICES: dict[str, Tail] = {
    "+CMTI": "", "+CMT": "line", "+CBM": "line", "+CBMI": "", "+CDS": "line", "+CDSI": "", "+CUSD": "text",
    "+CRING": "", "+CLIP": "", "+CCWA": "", "+CREG": "", "+CGREG": "", "+CEREG": "", "+CPIN": "", "+CSSI": "",
    "+CSSU": "", "+CTZV": "", "+CTZE": "", "+CTZR": "", "+CIEV": "", "+CFUN": "", "+COLP": "", "+CLCC": "",
    "^RSSI": "", "^BOOT": "", "^MODE": "", "^HCSQ": "", "^DSFLOWRPT": "", "^SRVST": "", "^SIMST": "", "^STIN": "",
    "^CSNR": "", "^ORIG": "", "^CONF": "", "^CONN": "", "^CEND": "", "^NWTIME": "", "^RFSWITCH": "", "^THERM": "",
    "+ZEND": "", "+ZPAS": "", "+ZUSIMR": "", "+ZDONR": "", "+ZPSTM": "", "+ZMSRI": "", "+WIND": "", "+SPNWNAME": "",
    "+QIND": "", "+QUSIM": "", "*PSUTTZ": "", "*PSNWID": "", "DST": "", "VOICE CALL": "", "MISSED_CALL": "",
}  # fmt: skip
BARE = frozenset({
    "RING", "RDY", "CALL READY", "SMS READY", "START", "PB DONE", "SMS DONE", "NORMAL POWER DOWN", "POWERED DOWN",
    "UNDER-VOLTAGE WARNNING", "OVER-VOLTAGE WARNNING", "UNDER-VOLTAGE POWER DOWN", "OVER-VOLTAGE POWER DOWN",
    "NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE",
})  # fmt: skip
NAME = re.compile(r"([+^*$#]?[A-Z][A-Z0-9_]*(?: CALL)?)\s*:")
ASKED_REGISTRATION = re.compile(r'\+C[GE]?REG:\s*"?\d"?\s*,\s*"?\d"?\s*(?:,|$)')
REGISTRATIONS = ("+CREG", "+CGREG", "+CEREG")


def name_of(line: str) -> str:
    """+CMTI for `+CMTI: "SM",3`; the line itself for RING and its like; "" for what is no name."""
    found = NAME.match(line)
    if found:
        return found[1]
    bare = line.upper()
    return bare if bare in BARE or bare in NOTICES else ""


def is_notice(line: str, own: tuple[str, ...]) -> bool:
    """Unasked, given the names that the running command's own answer carries."""
    name = name_of(line)
    if name not in own or name == "+CUSD":  # the network answers that one, not the command
        return name in NOTICES or name in BARE
    return name in REGISTRATIONS and not ASKED_REGISTRATION.match(line)
