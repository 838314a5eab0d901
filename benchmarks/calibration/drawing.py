"""Draw honest papers to measure thresholds on: `python -m benchmarks.calibration.drawing DIR N`.

Their seed is used for nothing else, and held-back layouts stay out: those are for testing.
"""

import sys
from pathlib import Path

from benchmarks.samples.folder import HONEST, write_language_batch

SEED = 3001


def draw(directory: Path, n: int, seed: int = SEED) -> None:
    """Write a labelled folder of `n` honest applications, whole or not at all."""
    unfinished = directory.with_name(f"{directory.name}.unfinished")
    write_language_batch(
        unfinished,
        n=n,
        seed=seed,
        kinds=(HONEST,),
        held_back="exclude",
        batch_id=f"calibration-{seed}",
    )
    unfinished.rename(directory)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), int(sys.argv[2]))
