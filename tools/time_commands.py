"""Wall times of the two commands, with the virtual environment in place, into benchmarks/results.json.

python tools/time_commands.py [book] [test]
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from ppgn_lib import results

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run and time each; nothing is recorded for a command that fails."""
    for target in sys.argv[1:] or ["book", "test"]:
        start = time.monotonic()
        subprocess.run(["make", target], cwd=ROOT, check=True)
        entry = {"value": round(time.monotonic() - start), "unit": "s", "notebook": f"make {target}"}
        machine = {"cores": os.cpu_count(), "system": f"{platform.system()} {platform.machine()}"}
        results.merge(ROOT / "benchmarks/results.json", {f"{target}.seconds": {**entry, **machine}}, f"make {target}")
    for command in (["tools/benchmark.py", "--report"], ["tools/readme.py"]):
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
