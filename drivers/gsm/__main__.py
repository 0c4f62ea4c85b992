"""`python -m drivers.gsm --help`"""

from drivers.cli import main
from drivers.gsm.driver import DRIVER

if __name__ == "__main__":
    main(DRIVER)
