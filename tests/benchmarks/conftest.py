import sys
from pathlib import Path

# the benchmarks are folders of scripts, imported as their commands do
for name in ("separation", "cues"):
    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / name))
