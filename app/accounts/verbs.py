"""The audit's words, in the reader's language: each module brings those of its own verbs and nouns."""

from collections.abc import Iterable

from app.frame.i18n import N_, _
from app.frame.module import Module

VERBS = {
    "access.refused": N_("intentó algo sin permiso"),
    "audit.exported": N_("exportó la auditoría"),
    "login.failed": N_("no logró entrar"),
    "session.opened": N_("entró"),
    "session.extended": N_("alargó su sesión"),
    "session.closed": N_("cerró sesiones"),
    "token.created": N_("obtuvo un token"),
    "token.revoked": N_("revocó un token"),
    "key.created": N_("creó una clave de API"),
    "key.revoked": N_("revocó una clave de API"),
    "link.created": N_("creó un enlace de un solo uso"),
    "link.used": N_("usó un enlace de un solo uso"),
    "password.changed": N_("cambió una contraseña"),
    "2fa.enabled": N_("activó la verificación en dos pasos"),
    "2fa.disabled": N_("desactivó la verificación en dos pasos"),
    "2fa.codes": N_("creó códigos de respaldo"),
    "2fa.code_used": N_("usó un código de respaldo"),
    "person.created": N_("creó a una persona"),
    "person.changed": N_("cambió a una persona"),
    "person.disabled": N_("desactivó a una persona"),
    "person.enabled": N_("activó a una persona"),
    "team.created": N_("creó un equipo"),
    "team.changed": N_("cambió un equipo"),
    "team.deleted": N_("eliminó un equipo"),
    "permissions.changed": N_("cambió permisos"),
    "preferences.changed": N_("cambió sus preferencias"),
    "office.changed": N_("cambió los datos de la oficina"),
}


NOUNS = {
    "path": N_("dirección"),
    "audit": N_("auditoría"),
    "person": N_("persona"),
    "team": N_("equipo"),
    "token": N_("token"),
    "role": N_("rol"),
    "office": N_("oficina"),
}
TRAITS = {
    "active": N_("Activa"),
    "count": N_("Cantidad"),
    "device": N_("Dispositivo"),
    "devices": N_("Dispositivos"),
    "email": N_("Correo"),
    "ends_at": N_("Termina"),
    "locale": N_("Idioma"),
    "method": N_("Método"),
    "name": N_("Nombre"),
    "permission": N_("Permiso"),
    "prefix": N_("Comienzo"),
    "purpose": N_("Para qué"),
    "role": N_("Rol"),
    "scopes": N_("Permisos"),
    "single_keys": N_("Teclas sueltas"),
    "teams": N_("Equipos"),
    "theme": N_("Tema"),
    "value": N_("Valor"),
    "why": N_("Por qué"),
}
VIA = {
    "system": N_("la oficina por sí sola"),
    "job": N_("tarea de la oficina"),
    "command": N_("orden en el servidor"),
    "setup": N_("instalación"),
    "login": N_("entrada"),
    "session": N_("pantalla"),
    "key": N_("clave de API"),
    "token": N_("token"),
}


class Words:
    """Titles of what happened and to what; a code without a title is shown as it is."""

    def __init__(self, modules: Iterable[Module]) -> None:
        modules = list(modules)
        self.verbs = {code: title for module in modules for code, title in module.verbs.items()}
        self.nouns = {code: title for module in modules for code, title in module.nouns.items()}
        self.traits = {code: title for module in modules for code, title in module.traits.items()}

    def verb(self, code: str) -> str:
        return _(self.verbs.get(code, "")) or code

    def via(self, code: str) -> str:
        """How somebody came, where no address tells."""
        return _(VIA.get(code, "")) or code

    def trait(self, code: str) -> str:
        return _(self.traits.get(code, "")) or code

    def noun(self, code: str) -> str:
        return _(self.nouns.get(code, "")) or code
