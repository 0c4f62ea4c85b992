"""`python -m drivers.mail --help`"""

from drivers.cli import main
from drivers.mail.driver import DRIVER

if __name__ == "__main__":
    main(DRIVER)
