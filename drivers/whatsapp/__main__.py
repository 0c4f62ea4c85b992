"""`python -m drivers.whatsapp --help`"""

from drivers.cli import main
from drivers.whatsapp.driver import DRIVER

if __name__ == "__main__":
    main(DRIVER)
