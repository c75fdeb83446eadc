import sys
from pathlib import Path

# the benchmark is a folder of scripts, imported as its command does
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "cues"))
