"""What an SMTP server's no means: again later, never, or a person must act (RFC 5321, 4.2.1). No network in here."""

from dataclasses import dataclass
from datetime import datetime

from drivers.contract import N_, SendError, Status
from drivers.mail import codes

SENDER = N_("El servidor de salida (SMTP) no permite escribir desde esta dirección.")
SOME = N_("Enviado, pero no para todos: algunas direcciones fueron rechazadas.")
AGAIN_S = 300.0  # greylisting wants minutes (RFC 6647)


@dataclass(frozen=True)
class Refusal:
    """One no: the basic code, the server's words, and for whom."""

    code: int
    text: str
    address: str = ""

    @property
    def permanent(self) -> bool:
        return 500 <= self.code < 600

    @property
    def name(self) -> str:
        return codes.enhanced(self.text) or str(self.code)

    @property
    def sentence(self) -> str:
        """For a person; temporary ones only ask for patience."""
        if not self.permanent:
            return codes.LATER
        if self.code == 552 and not codes.enhanced(self.text):
            return codes.TOO_BIG
        nobody = self.address and self.code in (550, 551, 553)
        return codes.sentence(self.name, codes.NO_ADDRESS if nobody else codes.REFUSED)

    def error(self) -> SendError:
        return SendError(self.permanent, self.name, self.sentence, after_s=None if self.permanent else AGAIN_S)

    def status(self, message_id: str, key: str, at: datetime) -> Status:
        return Status(
            state="failed", external_id=message_id, key=key, address=self.address, code=self.name,
            sentence=self.sentence, at=at,
        )


def verdict(refused: list[Refusal], accepted: int) -> SendError | None:
    """Of the recipients. One "later" holds the whole message back: sent now, the others would get it twice."""
    later = [refusal for refusal in refused if not refusal.permanent]
    if later:
        return later[0].error()
    return refused[0].error() if refused and not accepted else None
