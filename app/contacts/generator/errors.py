"""What the generator refuses, each with a sentence for people and the field at fault."""

from app.frame.i18n import N_, _


class GeneratorError(Exception):
    """``field`` names the input at fault; ``sentence`` is translated when it is read."""

    field = "amount"
    msgid = ""

    @property
    def sentence(self) -> str:
        return _(self.msgid)

    def __str__(self) -> str:
        return self.sentence


class BadAmount(GeneratorError):
    msgid = N_("Se generan de 1 a 1000 números por tanda.")


class BadMethod(GeneratorError):
    field = "method"
    msgid = N_("Elija un método: estratificado, simple o aleatorio.")


class BadShares(GeneratorError):
    field = "shares"
    msgid = N_("Dé a cada operador su porcentaje; juntos deben sumar 100.")


class NotEnoughNumbers(GeneratorError):
    msgid = N_("No quedan tantos números libres en los rangos. Pida menos.")
