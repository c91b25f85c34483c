"""`python -m pipeline` is `citewire`."""

import sys

from pipeline.cli import main

sys.exit(main())
