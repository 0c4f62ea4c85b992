"""`python -m drivers.telephony --help`"""

from drivers.cli import main
from drivers.telephony.driver import DRIVER

if __name__ == "__main__":
    main(DRIVER)
