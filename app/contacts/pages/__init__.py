"""The pages of contacts, one file per noun."""

from app.contacts.pages.bin import bin_page, restore
from app.contacts.pages.blocklist import BlockListPages
from app.contacts.pages.bulk import batch_cancel, batch_state, bulk, bulk_form, undo
from app.contacts.pages.columns import columns, remove, save, view_form
from app.contacts.pages.consent import ConsentPages
from app.contacts.pages.data import DataPages
from app.contacts.pages.generator import generator, keep, sample, sample_file, shares
from app.contacts.pages.menu import row_menu, search
from app.contacts.pages.merge import MergePages
from app.contacts.pages.pulse import pulse
from app.contacts.pages.settings import SettingsPages
from app.contacts.pages.settings_more import MoreSettingsPages
from app.contacts.pages.summary import summary
from app.contacts.pages.table import contacts

LIST_ROUTES = (
    contacts, pulse, summary, bulk_form, bulk, batch_state, batch_cancel, undo, columns, view_form, save, remove,
    row_menu, search, bin_page, restore, generator, keep, sample, sample_file, shares,
)  # fmt: skip
PERSON_ROUTES = (BlockListPages, ConsentPages, MergePages, DataPages, SettingsPages, MoreSettingsPages)
