"""No password in the clear, and certificates that are looked at."""

import ssl

import pytest

from drivers.contract import NeedsHuman
from drivers.mail import security
from drivers.mail.settings import MailSettings
from tests.drivers.mail.conftest import certificate


def test_it_works() -> None:
    made = security.context(MailSettings(address="a@x.example", certificate=certificate()[0].decode()))
    assert (made.verify_mode, made.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert len(made.get_ca_certs()) == len(security.context(MailSettings(address="a@x.example")).get_ca_certs()) + 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_may_be_spoken_to_in_the_clear(host: str) -> None:
    security.guard(host, "plain")


@pytest.mark.parametrize("host", ["mail.oficina.example", "10.0.0.5", "localhost.oficina.example", "0.0.0.0", ""])
def test_no_other_may(host: str) -> None:
    with pytest.raises(NeedsHuman, match="sin cifrar"):
        security.guard(host, "plain")
    security.guard(host, "tls")
    security.guard(host, "starttls")
