"""What can be set on a mailbox."""

from typing import Annotated, Literal

from drivers.contract import N_, Settings, setting

Security = Literal["tls", "starttls", "plain"]
SECURITY = {
    "tls": N_("TLS (lo usual)"),
    "starttls": N_("STARTTLS"),
    "plain": N_("Sin cifrar (solo en esta misma máquina)"),
}
LOGIN = {"password": N_("Contraseña"), "xoauth2": N_("OAuth2 (Google, Microsoft)")}
IMAP_PORTS: dict[Security, int] = {"tls": 993, "starttls": 143, "plain": 143}
SMTP_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587, "plain": 25}
USUAL = N_("0: el de siempre.")


class MailSettings(Settings, frozen=True, kw_only=True):
    """Settings of a mailbox. Without imap_host it only sends; without smtp_host it only receives."""

    address: Annotated[
        str, setting(N_("Dirección de correo"), help=N_("Desde ella se escribe."), example="ventas@oficina.example")
    ]
    name: Annotated[str, setting(N_("Nombre que se muestra"), example="Ventas")] = ""
    imap_host: Annotated[
        str,
        setting(
            N_("Servidor de entrada (IMAP)"), help=N_("Vacío: esta conexión no recibe."), example="imap.oficina.example"
        ),
    ] = ""
    imap_security: Annotated[Security, setting(N_("Cifrado de entrada"), choices=SECURITY)] = "tls"
    imap_port: Annotated[int, setting(N_("Puerto de entrada"), help=USUAL, advanced=True, ge=0, le=65535)] = 0
    smtp_host: Annotated[
        str,
        setting(
            N_("Servidor de salida (SMTP)"), help=N_("Vacío: esta conexión no envía."), example="smtp.oficina.example"
        ),
    ] = ""
    smtp_security: Annotated[Security, setting(N_("Cifrado de salida"), choices=SECURITY)] = "tls"
    smtp_port: Annotated[int, setting(N_("Puerto de salida"), help=USUAL, advanced=True, ge=0, le=65535)] = 0
    user: Annotated[str, setting(N_("Usuario"), help=N_("Vacío: la dirección de correo."))] = ""
    login: Annotated[Literal["password", "xoauth2"], setting(N_("Entrada con"), choices=LOGIN)] = "password"
    password: Annotated[
        str,
        setting(
            N_("Contraseña"), secret=True, help=N_("En Gmail y otros, una contraseña de aplicación.")
        ),
    ] = ""
    token_url: Annotated[
        str,
        setting(
            N_("Dirección de permisos (OAuth2)"), advanced=True, example="https://oauth2.googleapis.com/token",
            help=N_("De ella se pide un permiso nuevo cada hora."),
        ),
    ] = ""
    client_id: Annotated[str, setting(N_("Id de la aplicación (OAuth2)"), advanced=True)] = ""
    client_secret: Annotated[str, setting(N_("Secreto de la aplicación (OAuth2)"), secret=True, advanced=True)] = ""
    refresh_token: Annotated[str, setting(N_("Permiso duradero (OAuth2)"), secret=True, advanced=True)] = ""
    folders: Annotated[
        str, setting(N_("Carpetas que se leen"), help=N_("Una por línea."), lines=True)
    ] = "INBOX"
    first_days: Annotated[
        int,
        setting(N_("Días hacia atrás"), help=N_("Cuántos días de correo se traen la primera vez."), ge=0, le=3650),
    ] = 3
    mark_seen: Annotated[
        bool, setting(N_("Marcar como leído"), help=N_("Solo cuando el mensaje ya está guardado aquí."))
    ] = True
    move_to: Annotated[
        str, setting(N_("Mover después a"), help=N_("Carpeta para lo ya guardado; vacío: queda donde está."))
    ] = ""
    keep_sent: Annotated[
        bool,
        setting(N_("Guardar copia en Enviados"), help=N_("Apáguelo si el servidor ya guarda lo enviado.")),
    ] = True
    sent_folder: Annotated[
        str, setting(N_("Carpeta de enviados"), help=N_("Vacío: la que el servidor indica."), advanced=True)
    ] = ""
    remote_images: Annotated[
        bool,
        setting(
            N_("Mostrar imágenes de otros sitios"), advanced=True,
            help=N_("Avisan al remitente cuándo y dónde se leyó el mensaje."),
        ),
    ] = False
    read_max_mb: Annotated[
        int,
        setting(
            N_("Tamaño máximo que se lee (MB)"), advanced=True, ge=1, le=200,
            help=N_("De un mensaje mayor se trae solo el comienzo."),
        ),
    ] = 40
    certificate: Annotated[
        str,
        setting(
            N_("Certificado propio"), lines=True, advanced=True,
            help=N_("Si el servidor usa uno hecho en casa: péguelo aquí (PEM)."),
        ),
    ] = ""
    idle_s: Annotated[
        float,
        setting(
            N_("Renovar la espera (s)"), advanced=True, ge=0.05, le=1740,
            help=N_("Los servidores cortan la espera a los 29 minutos; muchos enrutadores, antes."),
        ),
    ] = 540.0
    poll_s: Annotated[
        float,
        setting(
            N_("Revisar cada (s)"), advanced=True, ge=0.05, le=3600,
            help=N_("Donde el servidor no avisa, y para las demás carpetas."),
        ),
    ] = 60.0
    patience_s: Annotated[
        float,
        setting(N_("Paciencia (s)"), help=N_("Cuánto se espera una respuesta."), advanced=True, ge=0.05, le=300),
    ] = 30.0
    final_patience_s: Annotated[
        float,
        setting(
            N_("Paciencia al entregar (s)"), advanced=True, ge=0.05, le=600,
            help=N_("Cuánto se espera que el servidor acepte un mensaje ya transmitido."),
        ),
    ] = 300.0

    @property
    def account(self) -> str:
        return self.user or self.address

    @property
    def watched(self) -> tuple[str, ...]:
        """Folders to read; the first is the one that is waited on."""
        return tuple(dict.fromkeys(line.strip() for line in self.folders.splitlines() if line.strip())) or ("INBOX",)
