"""Debian's Postfix and Dovecot on loopback, with folders of their own: the mail servers that nobody here wrote.

Submission with STARTTLS and AUTH, SMTPS, IMAP with STARTTLS and IMAPS; what leaves the house goes to one port.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

PROGRAMS = ("/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp")
PASSWORD = "clave-de-prueba"
USER = "mail"

DOVECOT = """
base_dir = {at}/run
listen = 127.0.0.1
log_path = {at}/dovecot.log
protocols = imap lmtp
ssl = yes
ssl_cert = <{at}/cert.pem
ssl_key = <{at}/key.pem
auth_mechanisms = plain login
mail_location = maildir:{at}/mail/%n
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={at}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
namespace inbox {{
  inbox = yes
  mailbox Enviados {{
    special_use = \\Sent
    auto = create
  }}
}}
"""
MAIN = """
compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
maillog_file = {at}/postfix.log
maillog_file_prefixes = {at}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.oficina.example
mydestination =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = oficina.example
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = smtp:[127.0.0.1]:{outside}
smtp_dns_support_level = disabled
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_tls_cert_file = {at}/cert.pem
smtpd_tls_key_file = {at}/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
message_size_limit = 1000000
"""
MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class RealMail:
    """The ports, all on 127.0.0.1; what is not for oficina.example goes to `outside`."""

    smtp: int
    smtps: int
    imap: int
    imaps: int
    outside: int


def why_not() -> str:
    """Empty when they can run here."""
    missing = [program for program in PROGRAMS if not os.access(program, os.X_OK)]
    if missing:
        return "Postfix and Dovecot are not installed: scripts/system-packages mail"
    return "" if os.geteuid() == 0 else "Postfix and Dovecot start only for root"


@contextlib.contextmanager
def running(certificate: bytes, key: bytes) -> Iterator[RealMail]:
    """Started, answering, and gone in the end with all they wrote."""
    at = Path(mkdtemp(prefix="mail-"))
    ports = dict(zip(("smtp", "smtps", "imap", "imaps", "lmtp", "auth", "outside"), _free(7), strict=True))
    try:
        _write(at, ports, certificate, key)
        dovecot = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(at / "dovecot.conf")])
        try:
            with _postfix(at):
                for name in ("imap", "imaps", "smtp", "smtps", "lmtp", "auth"):
                    _answers(ports[name], at)
                yield RealMail(*(ports[n] for n in ("smtp", "smtps", "imap", "imaps", "outside")))
        finally:
            dovecot.terminate()
            dovecot.wait(10)
    finally:
        shutil.rmtree(at, ignore_errors=True)


@contextlib.contextmanager
def _postfix(at: Path) -> Iterator[None]:
    def tell(what: str) -> None:
        subprocess.run(
            ["/usr/sbin/postfix", "-c", str(at / "etc"), what], check=True, timeout=30, capture_output=True
        )

    tell("start")
    try:
        yield
    finally:
        tell("stop")


def _write(at: Path, ports: dict[str, int], certificate: bytes, key: bytes) -> None:
    user = pwd.getpwnam(USER)
    at.chmod(0o755)
    for name in ("etc", "queue", "data", "mail", "run"):
        (at / name).mkdir()
    shutil.chown(at / "mail", user.pw_uid, user.pw_gid)
    shutil.chown(at / "data", "postfix")
    (at / "cert.pem").write_bytes(certificate)
    (at / "key.pem").write_bytes(key)
    (at / "key.pem").chmod(0o600)
    facts = {"at": at, "uid": user.pw_uid, "gid": user.pw_gid, "password": PASSWORD, **ports}
    for name, text in (("dovecot.conf", DOVECOT), ("etc/main.cf", MAIN), ("etc/master.cf", MASTER)):
        (at / name).write_text(text.format(**facts))


def _free(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _each in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _answers(port: int, at: Path) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    logs = "\n".join(log.read_text(errors="replace") for log in at.glob("*.log"))
    raise AssertionError(f"nothing answers on {port}:\n{logs}")
