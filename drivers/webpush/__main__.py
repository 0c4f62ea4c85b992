"""`python -m drivers.webpush --help`"""

from drivers.cli import main
from drivers.webpush.driver import DRIVER

if __name__ == "__main__":
    main(DRIVER)
