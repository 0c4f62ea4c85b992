"""`python -m drivers.sim --help`"""

from drivers.cli import main
from drivers.sim.driver import DRIVER

if __name__ == "__main__":
    main(DRIVER)
