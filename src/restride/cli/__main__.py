"""``python -m restride.cli``: the same as the command ``restride``."""

import sys

from restride.cli import main

if __name__ == "__main__":
    sys.exit(main())
