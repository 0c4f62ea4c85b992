"""A small table of contacts to write in every format."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.contacts.exports.writers import Column

OFFICE = ZoneInfo("America/Costa_Rica")
COLUMNS = [
    Column("id", "ID", "number"),
    Column("phone", "Teléfono", "phone"),
    Column("name", "Nombre", width=30),
    Column("notes", "Nota"),
    Column("tags", "Etiquetas"),
    Column("updated_at", "Actualizado", "date"),
]
AT = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)  # the evening before, in the office
ROWS = [
    (1, "+50688123456", "Íñigo Núñez & Hijos <SA>", "línea uno\nlínea dos", ["VIP", "mayorista"], AT),
    (2, "", None, "", [], None),
    (-3, "+525512345678", "=1+1", " @SUM(A1) ", ("=x",), AT),
]
