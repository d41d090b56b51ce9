"""
Trains the candidate in the middle of a search's job in both layouts in turn and names the faster, with the seconds of
its steps, as JSON: `choose_layout.py JOB`.
"""

import json
import pathlib
import statistics
import sys
import time

import torch

from search_job import LAYOUTS, SearchJob

ROUNDS = 7
STEPS = 10


def main():
    torch.set_num_threads(1)
    trainings = {}
    for layout in LAYOUTS:
        job = SearchJob(pathlib.Path(sys.argv[1]), layout)
        trainings[layout] = (job, job.start(len(job.candidates) // 2, 1))
    seconds = {layout: [] for layout in LAYOUTS}
    # The first round allocates memory and is left out.
    for turn in range(ROUNDS + 1):
        for layout, (job, training) in trainings.items():
            indices = job.train_indices[: STEPS * job.recipe["batchSize"]]
            start = time.process_time()
            training.train_epoch(indices)
            if turn > 0:
                seconds[layout].append((time.process_time() - start) / STEPS)
    medians = {layout: statistics.median(values) for layout, values in seconds.items()}
    print(json.dumps({"layout": min(medians, key=medians.get), "secondsPerStep": medians}))


main()
