"""How often somebody may try to log in. Only failures count in the end, so an office behind one address works on.

A stranger is held by two budgets: the address's, and the account's from that address. A third, wider one holds an
attack on one account from many addresses. A browser that has logged in as this person before carries a signed mark
and has a budget of its own: nobody outside can lock the person out of it.
"""

import hmac
import secrets
from typing import TYPE_CHECKING

from app.accounts.tokens import derived_key
from app.frame.i18n import ngettext
from app.frame.refused import Refused
from app.frame.throttle import Throttle

if TYPE_CHECKING:
    from app.frame.office import Office

TRIES, TRIES_S = 8, 600.0
ACCOUNT, ACCOUNT_S = 100, 3600.0
MINUTE_S = 60.0
NAME = "accounts.budgets"


class TooMany(Refused):
    """Wait. `retry_after_s` becomes the Retry-After header."""

    status = 429

    def __init__(self, wait_s: int) -> None:
        minutes = -(-wait_s // 60)
        sentence = ngettext(
            "Demasiados intentos. Espere %(n)s minuto y pruebe de nuevo.",
            "Demasiados intentos. Espere %(n)s minutos y pruebe de nuevo.",
            minutes,
        )
        super().__init__(sentence, retry_after_s=wait_s)


class LoginBudgets:
    """The budgets of this process."""

    def __init__(self, per_minute: int) -> None:
        self.address = Throttle(per_minute, MINUTE_S)
        self.pair = Throttle(TRIES, TRIES_S)
        self.account = Throttle(ACCOUNT, ACCOUNT_S)
        self.device = Throttle(TRIES, TRIES_S)
        self.code = Throttle(TRIES, TRIES_S)
        self.noted = Throttle(1, MINUTE_S)

    def spend(self, account: str, ip: str, device: str) -> None:
        """Before a try. Raises TooMany."""
        spent: list[tuple[Throttle, str]] = []
        for throttle, key in self._keys(account, ip, device):
            if wait_s := throttle.hit(key):
                for earlier, its in spent:
                    earlier.forgive(its)
                raise TooMany(wait_s)
            spent.append((throttle, key))

    def succeed(self, account: str, ip: str, device: str) -> None:
        """The try was good: it does not count, and the person's own failures are forgotten."""
        for throttle, key in self._keys(account, ip, device):
            throttle.forgive(key)
        self.pair.clear(f"{account} {ip}")
        self.device.clear(device)

    def spend_code(self, user_id: int) -> None:
        """Before a second-factor try. Raises TooMany."""
        if wait_s := self.code.hit(str(user_id)):
            raise TooMany(wait_s)

    def _keys(self, account: str, ip: str, device: str) -> list[tuple[Throttle, str]]:
        if device:
            return [(self.device, device)]
        return [(self.address, ip), (self.pair, f"{account} {ip}"), (self.account, account)]


def budgets_of(office: "Office") -> LoginBudgets:
    budgets: LoginBudgets | None = office.state.get(NAME)
    if budgets is None:
        budgets = office.state[NAME] = LoginBudgets(office.settings.rate_login_per_min)
    return budgets


def new_mark(secret: str, user_id: int) -> str:
    """The mark of a browser that this person has logged in with."""
    nonce = secrets.token_urlsafe(12)
    return f"{user_id}.{nonce}.{_seal(secret, user_id, nonce)}"


def read_mark(secret: str, mark: str, user_id: int | None) -> str:
    """The browser's own name when the mark is ours and of this person; else empty."""
    owner, _dot, rest = mark.partition(".")
    nonce, _dot, seal = rest.partition(".")
    if user_id is None or owner != str(user_id):
        return ""
    return nonce if hmac.compare_digest(seal, _seal(secret, user_id, nonce)) else ""


def _seal(secret: str, user_id: int, nonce: str) -> str:
    return hmac.new(derived_key(secret, "device"), f"{user_id}.{nonce}".encode(), "sha256").hexdigest()[:32]
