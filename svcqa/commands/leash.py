"""`python -m svcqa.commands.leash MODULE …`: runs a module as `python -m` does, but not beyond its parent's life.

Whatever `svcqa up` starts runs on it: our own commands, and programs that know nothing of a parent.
"""

import runpy
import sys

from svcqa.commands.collecting import collect_rarely
from svcqa.commands.stopping import end_with_parent

if __name__ == "__main__":
    end_with_parent()
    collect_rarely()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
