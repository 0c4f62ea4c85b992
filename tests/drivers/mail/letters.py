"""Messages as they really look, in shape; every person, address and server is made up."""

from email.message import Message

from hypothesis import settings

from drivers.mail.mailbox import Brought
from drivers.mail.marks import Marks
from drivers.mail.reading import Letter, parse
from drivers.mail.settings import MailSettings

calm = settings(deadline=None)  # a busy machine is no failure
SETTINGS = MailSettings(address="ventas@oficina.example", name="Ventas")


def read(raw: bytes | Message) -> Letter:
    data = raw if isinstance(raw, bytes) else raw.as_bytes()
    return parse(Brought(data, None, len(data)), SETTINGS, Marks())


def crlf(text: str, encoding: str = "utf-8") -> bytes:
    return text.strip("\n").replace("\n", "\r\n").encode(encoding) + b"\r\n"


OUTLOOK = crlf("""
Return-Path: <rosa@cliente.example>
From: =?iso-8859-1?Q?Rosa_Mont=EDel?= <Rosa@Cliente.Example>
To: "Ventas, Oficina" <ventas@oficina.example>
CC: =?utf-8?B?SsOzbmF0YW4gw5HDoW4=?= <jonatan@cliente.example>
Subject: RE: =?iso-8859-1?Q?Cotizaci=F3n_de_los_equipos_que_nos_pidieron_el_mi?=
 =?iso-8859-1?Q?=E9rcoles?=
Thread-Index: AdwZ3k==
Date: Wed, 25 Nov 2026 16:20:05 -0600
Message-ID: <DB9PR01MB000@DB9PR01MB000.eurprd01.prod.example>
References: <primero@oficina.example>
 <segundo@cliente.example>
In-Reply-To: <segundo@cliente.example>
Content-Type: multipart/mixed; boundary="_004_mezcla_"
MIME-Version: 1.0

--_004_mezcla_
Content-Type: multipart/related; boundary="_003_rel_"; type="multipart/alternative"

--_003_rel_
Content-Type: multipart/alternative; boundary="_000_alt_"

--_000_alt_
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

Buenos d=EDas, =BFnos confirman el precio de los 12 equipos que le pedimos a =
la oficina?

--_000_alt_
Content-Type: text/html; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

<html><head><style>p{color:red}</style></head><body onload=3D"x()"><p class=3D"Mso">Buenos d=EDas, <b>=BFnos=
 confirman</b>
 el precio?</p><img src=3D"cid:image001.png@01DC"><img src=3D"https://rastreo.example/p.gif"></body></html>

--_000_alt_--

--_003_rel_
Content-Type: image/png; name="image001.png"
Content-Disposition: inline; filename="image001.png"; size=4
Content-ID: <image001.png@01DC>
Content-Transfer-Encoding: base64

iVBORw==

--_003_rel_--

--_004_mezcla_
Content-Type: application/pdf; name="=?iso-8859-1?Q?Requisici=F3n_n=BA_5.pdf?="
Content-Disposition: attachment; filename="=?iso-8859-1?Q?Requisici=F3n_n=BA_5.pdf?="
Content-Transfer-Encoding: base64

JVBERg==

--_004_mezcla_--
""")

BOUNCE = crlf("""
Return-Path: <>
From: MAILER-DAEMON@mail.oficina.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ventas@oficina.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B0.1/mail"
Date: Wed, 25 Nov 2026 22:20:05 +0000
Message-Id: <20261125.B0@mail.oficina.example>

This is a MIME-encapsulated message.

--B0.1/mail
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B0.1/mail
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.oficina.example
X-Postfix-Queue-ID: B0
Arrival-Date: Wed, 25 Nov 2026 22:20:04 +0000 (UTC)

Final-Recipient: rfc822; nadie@cliente.example
Original-Recipient: rfc822;nadie@cliente.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.cliente.example
Diagnostic-Code: smtp; 550 5.1.1 <nadie@cliente.example>: user unknown

Final-Recipient: rfc822; lenta@cliente.example
Action: delayed
Status: 4.2.2
Diagnostic-Code: smtp; 452 4.2.2 mailbox full
Will-Retry-Until: Fri, 27 Nov 2026 22:20:04 +0000 (UTC)

Final-Recipient: rfc822; rosa@cliente.example
Action: delivered
Status: 2.0.0

--B0.1/mail
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Ventas <ventas@oficina.example>
To: nadie@cliente.example
Subject: Hola
Message-ID: <k1@oficina.example>
X-Centralita-Key: k1

--B0.1/mail--
""")

RECEIPT = crlf("""
From: Rosa <rosa@cliente.example>
To: ventas@oficina.example
Subject: =?utf-8?Q?Le=C3=ADdo:_Hola?=
Message-ID: <mdn@cliente.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="m"

--m
Content-Type: text/plain

Your message was read.

--m
Content-Type: message/disposition-notification

Reporting-UA: correo.example; Programa 1.0
Final-Recipient: rfc822;rosa@cliente.example
Original-Message-ID: <k1@oficina.example>
Disposition: manual-action/MDN-sent-manually; displayed

--m--
""")

EXIM = crlf("""
Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mail.hosting.example>
X-Failed-Recipients: nadie@cliente.example,
 tampoco@cliente.example
Auto-Submitted: auto-replied
To: ventas@oficina.example
In-Reply-To: <k1@oficina.example>
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1exim@mail.hosting.example>

This message was created automatically by mail delivery software.
""")

MOBILE = crlf("""
From: Lupita <lupita@cliente.example>
To: ventas@oficina.example
Subject: fotos
Message-Id: <movil@cliente.example>
Mime-Version: 1.0 (1.0)
Content-Type: multipart/mixed; boundary=Apple-Mail-1

--Apple-Mail-1
Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes
Content-Transfer-Encoding: quoted-printable

Le mando las fotos de ayer, la primera es la del local y la que sig=20
ue es la de la bodega.

--Apple-Mail-1
Content-Type: image/jpeg
Content-Disposition: inline; filename*0*=utf-8''bodega%20n%C3%BAmero; filename*1*=%202.jpeg
Content-Transfer-Encoding: base64

/9j/4A==

--Apple-Mail-1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Enviado desde mi teléfono

--Apple-Mail-1--
""")

REAL = (OUTLOOK, BOUNCE, RECEIPT, EXIM, MOBILE)
