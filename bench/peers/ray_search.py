"""
A search by Ray Tune: every candidate with every seed, stopped early by ASHA, with as many trainings at once as asked for.
`ray_search.py JOB --processes N --layout LAYOUT` prints how far every training came, the best candidate and the seconds
that its cluster took to start, as JSON.
"""

import argparse
import collections
import json
import os
import pathlib
import statistics
import tempfile
import time

# A start that asks nobody and prints nothing.
os.environ.update(RAY_USAGE_STATS_ENABLED="0", RAY_AIR_NEW_OUTPUT="0", RAY_DEDUP_LOGS="0")

import ray
import torch
from ray import tune
from ray.tune.schedulers import ASHAScheduler

from search_job import LAYOUTS, SearchJob


class CandidateTraining(tune.Trainable):
    """Its process is kept for the next candidate, so that PyTorch is loaded once a process."""

    def setup(self, config, folder=None, layout=None):
        if not hasattr(self, "job"):
            torch.set_num_threads(1)
            self.job = SearchJob(folder, layout)
        self.training = self.job.start(config["candidate"], config["seed"])

    def reset_config(self, new_config):
        self.setup(new_config)
        return True

    def save_checkpoint(self, checkpoint_dir):
        """Nothing: ASHA stops a training for good, and none is resumed."""

    def load_checkpoint(self, checkpoint):
        pass

    def step(self):
        self.job.train_epoch(self.training)
        return {"accuracy": self.job.evaluate(self.training)}


def search(arguments, job, storage):
    epochs = job["recipe"]["epochs"]
    trainable = tune.with_parameters(CandidateTraining, folder=arguments.folder, layout=arguments.layout)
    tuner = tune.Tuner(
        tune.with_resources(trainable, {"cpu": 1}),
        param_space={
            "candidate": tune.grid_search(list(range(len(job["candidates"])))),
            "seed": tune.grid_search(job["seeds"]),
        },
        tune_config=tune.TuneConfig(
            scheduler=ASHAScheduler(metric="accuracy", mode="max", max_t=epochs, grace_period=1, reduction_factor=3),
            max_concurrent_trials=arguments.processes,
            reuse_actors=True,
        ),
        run_config=tune.RunConfig(stop={"training_iteration": epochs}, storage_path=storage, verbose=0),
    )
    return tuner.fit()


def report(results, epochs):
    trainings = [
        {
            "candidate": result.config["candidate"],
            "seed": result.config["seed"],
            "accuracy": result.metrics["accuracy"],
            "epochs": result.metrics["training_iteration"],
        }
        for result in results
    ]
    finished = collections.defaultdict(list)
    for training in trainings:
        if training["epochs"] == epochs:
            finished[training["candidate"]].append(training["accuracy"])
    best = max(finished, key=lambda candidate: statistics.mean(finished[candidate]))
    return {
        "version": f"Ray {ray.__version__}, PyTorch {torch.__version__}",
        "best": best,
        "trainings": trainings,
        # Of processes that its cluster starts and ends: not told.
        "processorSeconds": None,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--processes", type=int, required=True)
    parser.add_argument("--layout", choices=LAYOUTS, required=True)
    arguments = parser.parse_args()
    job = json.loads((arguments.folder / "job.json").read_text())
    start = time.perf_counter()
    ray.init(num_cpus=arguments.processes, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    start_seconds = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as storage:
        results = search(arguments, job, storage)
    assert results.num_errors == 0, results.errors
    print(json.dumps({**report(results, job["recipe"]["epochs"]), "startSeconds": start_seconds}))


main()
