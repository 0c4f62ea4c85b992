"""`python -m drivers.telegram --help`"""

from drivers.cli import main
from drivers.telegram.driver import DRIVER

if __name__ == "__main__":
    main(DRIVER)
