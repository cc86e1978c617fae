"""`python -m dmf_core`: everything without a browser."""

import sys

from dmf_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
