"""`python -m drivers.smsgate --help`"""

from drivers.cli import main
from drivers.smsgate.driver import DRIVER

if __name__ == "__main__":
    main(DRIVER)
