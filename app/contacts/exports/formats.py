"""The formats of an export, with the media type that each file is served with. Light: pages import it."""

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
    "vcf": "text/vcard",
}
