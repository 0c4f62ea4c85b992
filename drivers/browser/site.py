"""A site: where it is, its pages that recognise themselves, how one gets in, and what only a person may do."""

from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
from msgspec import Struct, field

from drivers.browser.reading import RecipeError, read_steps, read_yaml
from drivers.browser.steps import Placed
from drivers.contract import N_

# Visible ones only; invisible checks of good behaviour do not stop anybody.
CAPTCHAS = (
    'iframe[src*="recaptcha/api2/anchor"]:not([src*="size=invisible"])', 'iframe[src*="recaptcha/api2/bframe"]',
    'iframe[src*="hcaptcha.com"][src*="frame=challenge"]', 'iframe[src*="hcaptcha.com"][src*="frame=checkbox"]',
    'iframe[src*="challenges.cloudflare.com"]', "#captcha, .captcha, img[src*='captcha']",
)  # fmt: skip
SECOND_FACTORS = ('input[autocomplete="one-time-code"]', 'input[name="otp"]', 'input[name="totp"]')


class SitePage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """It is here when the address has its path and `shows`, if any, is seen. `folder` is what its path begins with."""

    path: str
    folder: str = ""
    shows: str = ""

    @property
    def whole(self) -> str:
        return f"{self.folder.rstrip('/')}/{self.path.lstrip('/')}" if self.folder else self.path


class Login(Struct, frozen=True, kw_only=True):
    """`outside` is seen by who is not in; `inside`, if said, by who is."""

    outside: str
    steps: tuple[Placed, ...]
    inside: str = ""


class Site(Struct, frozen=True, kw_only=True):
    """All of it may be empty: then recipes name whole addresses."""

    base: str = ""
    pages: dict[str, SitePage] = field(default_factory=dict)
    login: Login | None = None
    person: tuple[str, ...] = ()  # seen: a person must act

    @property
    def host(self) -> str:
        """`crm.example` or `crm.example:8443`"""
        return urlsplit(self.base).netloc.rpartition("@")[2]

    def address(self, url: str, page: str = "", query: dict[str, str] | None = None) -> str:
        """Raises KeyError for a page that the site does not have."""
        found = self.pages[page].whole if page else url
        asked = urlencode(query or {})
        return urljoin(self.base, found) + (("&" if "?" in found else "?") + asked if asked else "")

    def could_be(self, name: str, url: str) -> bool:
        """Whether an address is that of a page; what the page shows is asked apart."""
        wanted, given = urlsplit(urljoin(self.base, self.pages[name].whole)), urlsplit(url)
        return (wanted.netloc, wanted.path.rstrip("/")) == (given.netloc, given.path.rstrip("/"))


class _Written(Struct, frozen=True, forbid_unknown_fields=True):
    base: str = ""
    pages: dict[str, SitePage] = field(default_factory=dict)
    login: dict[str, Any] | None = None
    person: tuple[str, ...] = ()


def read_site(text: str) -> Site:
    """Raises RecipeError."""
    said = read_yaml(text) if text.strip() else {}
    try:
        written = msgspec.convert(said or {}, _Written, strict=False)
    except msgspec.ValidationError as error:
        raise RecipeError(N_("La descripción del sitio tiene un error: %(why)s"), why=str(error)) from error
    if written.base and not (written.base.startswith(("http://", "https://")) and urlsplit(written.base).hostname):
        raise RecipeError(N_("La dirección del sitio (base) empieza con https:// y lleva un nombre."))
    return Site(base=written.base, pages=written.pages, login=_login(written.login), person=written.person)


def _login(said: dict[str, Any] | None) -> Login | None:
    if said is None:
        return None
    if not said.keys() <= {"outside", "inside", "steps"} or not said.get("outside"):
        raise RecipeError(N_("login lleva outside (lo que se ve sin haber entrado), steps y, si se puede, inside."))
    return Login(outside=said["outside"], inside=said.get("inside", ""), steps=read_steps(said.get("steps"), "login"))
