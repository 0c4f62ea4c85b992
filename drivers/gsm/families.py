"""Differences between makes of modems, as data. The first whose pattern is in "maker model" counts."""

import re

import msgspec

from drivers.gsm.at.ussd import Way


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """What to say to modems of one make. `{}` in a command is filled."""

    name: str
    pattern: str = ""
    setup: tuple[str, ...] = ()  # may be refused
    card: tuple[str, ...] = ("AT+CCID", "AT+ICCID", "AT+QCCID", "AT^ICCID?", "AT+CRSM=176,12258,0,0,10")
    pin_endless: bool = False  # +CPIN: READY comes without OK
    registrations: tuple[str, ...] = ("AT+CREG?", "AT+CGREG?", "AT+CEREG?")
    notices: tuple[str, ...] = (
        "AT+CNMI=2,1,0,1,0", "AT+CNMI=2,1,0,2,0", "AT+CNMI=1,1,0,1,0", "AT+CNMI=1,1,0,2,0", "AT+CNMI=2,1,0,0,0",
        "AT+CNMI=1,1,0,0,0", "AT+CNMI=2,2,0,1,0", "AT+CNMI=2,2,0,0,0",
    )  # fmt: skip
    memories: tuple[str, ...] = ("SM", "ME", "MT")
    charsets: tuple[str, ...] = ("UCS2", "GSM", "IRA")
    ussd: Way | None = None  # how it writes USSD unless `ussd_plain` changes that; None: as the alphabet that it took
    ussd_plain: str = ""
    hang_up: tuple[str, ...] = ("AT+CHUP", "ATH")
    tone: tuple[str, ...] = ("AT+VTS={}", 'AT+VTS="{}"')
    soft_reset: tuple[str, ...] = ("AT+CFUN=0", "AT+CFUN=1")
    hard_reset: tuple[str, ...] = ("AT+CFUN=1,1",)
    interfaces: tuple[int, ...] = ()  # of USB, that speak AT and tell notices; best first
    usb: tuple[int, ...] = ()  # vendor ids


FAMILIES = (
    Family(name="SIM800", pattern=r"SIM[89]00|SIM868", setup=("AT+CSDT=0", "AT+CSCLK=0"), card=("AT+CCID", "AT+ICCID")),
    Family(
        name="SIM7600", pattern=r"SIM7\d{3}|SIMCOM", setup=("AT+CVHU=0",), card=("AT+ICCID", "AT+CICCID", "AT+CCID"),
        hard_reset=("AT+CRESET", "AT+CFUN=1,1"), interfaces=(2, 3), usb=(0x1E0E,),
    ),
    Family(
        name="Quectel", pattern=r"QUECTEL|EC2[0-9]|EG2[0-9]|M95|UC20", setup=('AT+QURCCFG="urcport","usbat"',),
        card=("AT+QCCID", "AT+CCID", "AT+ICCID"), memories=("ME", "SM", "MT"), interfaces=(2, 3), usb=(0x2C7C,),
    ),
    Family(
        name="Huawei", pattern=r"HUAWEI|^E1\d\d|^E3\d\d\d|^K3\d\d\d",
        setup=("AT^CURC=0", "AT^CVOICE=0"), card=("AT^ICCID?", "AT+CRSM=176,12258,0,0,10", "AT+CCID"),
        charsets=("IRA", "UCS2"), ussd="packed", ussd_plain="AT^USSDMODE=0", tone=("AT^DTMF=1,{}", "AT+VTS={}"),
        hard_reset=("AT^RESET", "AT+CFUN=1,1", "AT+CFUN=6"), interfaces=(2, 0, 1), usb=(0x12D1,),
    ),
    Family(
        name="ZTE", pattern=r"ZTE|MF1\d\d|MF6\d\d|MF8\d\d", setup=("AT+ZOPRT=5",),
        card=("AT+ZGETICCID", "AT+CRSM=176,12258,0,0,10", "AT+CCID"),
        hard_reset=("AT+ZRST", "AT+CFUN=1,1"),
        interfaces=(1, 2, 3), usb=(0x19D2,),
    ),
    Family(
        name="Wavecom", pattern=r"WAVECOM|SIERRA|FASTRACK|WISMO|Q24", setup=("AT+WIND=0",), pin_endless=True,
        card=("AT+CCID", "AT+CRSM=176,12258,0,0,10"), charsets=("GSM",), hard_reset=("AT+CFUN=1", "AT+CFUN=1,1"),
        usb=(0x1199,),
    ),
)  # fmt: skip
GENERIC = Family(name="genérico")
ADAPTERS = (0x1A86, 0x10C4, 0x0403, 0x067B)  # serial adapters, behind which boards with a SIM800C or a Wavecom hang
OTHER_MODEMS = (0x05C6, 0x1BBB, 0x0681, 0x1410, 0x2CB7)
VENDORS = tuple(vendor for family in FAMILIES for vendor in family.usb) + OTHER_MODEMS


def family_of(maker: str, model: str) -> Family:
    said = f"{maker} {model}".upper()
    return next((family for family in FAMILIES if re.search(family.pattern, said)), GENERIC)


def interfaces_of(vendor: int | None) -> tuple[int, ...]:
    return next((family.interfaces for family in FAMILIES if vendor in family.usb), ())
