"""What Prefect runs: thin flows over the services, and the way from a request to a run. Knows no rule and no row."""

import os

os.environ.setdefault("DO_NOT_TRACK", "1")  # read when prefect is imported: nothing is reported to anybody
