"""`python -m drivers.browser --help`"""

from drivers.browser.driver import DRIVER
from drivers.cli import main

if __name__ == "__main__":
    main(DRIVER)
