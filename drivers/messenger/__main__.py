"""`python -m drivers.messenger --help`"""

from drivers.cli import main
from drivers.messenger.driver import DRIVER

if __name__ == "__main__":
    main(DRIVER)
