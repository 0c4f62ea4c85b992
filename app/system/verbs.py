"""What the audit says of the machine room, in words."""

from app.frame.i18n import N_

VERBS = {
    "system.backup_asked": N_("pidió un respaldo"),
    "system.backup_downloaded": N_("descargó un respaldo"),
    "system.drill_asked": N_("pidió un simulacro de restauración"),
    "system.restore_asked": N_("pidió restaurar un respaldo"),
    "system.restored": N_("restauró un respaldo"),
    "system.restore_failed": N_("no pudo restaurar un respaldo"),
}
TRAITS = {"ended": N_("Se cerró"), "problem": N_("Problema"), "safety": N_("Lo de antes")}
NOUNS = {"backup": N_("respaldo")}
