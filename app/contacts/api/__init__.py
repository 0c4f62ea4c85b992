"""The API of contacts."""

from app.contacts.api.contacts import Contacts
from app.contacts.api.exports import Exports
from app.contacts.api.generator import generator, older_generator
from app.contacts.api.imports import Imports
from app.contacts.api.locks import Locks
from app.contacts.api.older import Older
from app.contacts.api.older_files import older_export, older_import

API_ROUTES = (
    Contacts, Locks, Imports, Exports, generator, Older, older_import, older_export, older_generator,
)  # fmt: skip
