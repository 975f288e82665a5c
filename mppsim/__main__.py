"""`python -m mppsim`, the same as the command `mppsim`."""

from mppsim.cli import main

if __name__ == "__main__":
    main()
