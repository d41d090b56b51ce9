"""
A search by Optuna: every candidate with every seed, by GridSampler, in as many processes as asked for, on PostgreSQL.
`optuna_search.py JOB --processes N --layout LAYOUT` finds the storage in OPTUNA_STORAGE, and prints all trainings and the
best candidate by the mean over its seeds as JSON. With `--prepare` it only creates Optuna's tables.
"""

import argparse
import collections
import json
import multiprocessing
import os
import pathlib
import resource
import statistics
import uuid

import optuna
import torch
from optuna.samplers import GridSampler
from optuna.storages import RDBStorage
from optuna.study import MaxTrialsCallback
from optuna.trial import TrialState

from search_job import LAYOUTS, SearchJob


def create_storage():
    return RDBStorage(os.environ["OPTUNA_STORAGE"])


def work(study_name, job):
    """One process of the search: takes points of the grid until all are taken."""
    torch.set_num_threads(1)
    grid = {"candidate": list(range(len(job.candidates))), "seed": job.seeds}
    study = optuna.load_study(study_name=study_name, storage=create_storage(), sampler=GridSampler(grid))

    def objective(trial):
        candidate = trial.suggest_categorical("candidate", grid["candidate"])
        seed = trial.suggest_categorical("seed", grid["seed"])
        training = job.start(candidate, seed)
        for _ in range(job.recipe["epochs"]):
            job.train_epoch(training)
        return job.evaluate(training)

    # Alone, GridSampler lets whoever finds the grid taken repeat a point that another process still trains.
    taken = (TrialState.RUNNING, TrialState.COMPLETE)
    size = len(job.candidates) * len(job.seeds)
    study.optimize(objective, callbacks=[MaxTrialsCallback(size, states=taken)])


def processor_seconds():
    """Of this process and those of the search, which have ended."""
    uses = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def report(study_name, epochs):
    study = optuna.load_study(study_name=study_name, storage=create_storage())
    trainings = [
        {**trial.params, "accuracy": trial.value, "epochs": epochs} for trial in study.get_trials(states=(TrialState.COMPLETE,))
    ]
    by_candidate = collections.defaultdict(list)
    for training in trainings:
        by_candidate[training["candidate"]].append(training["accuracy"])
    best = max(by_candidate, key=lambda candidate: statistics.mean(by_candidate[candidate]))
    return {
        "version": f"Optuna {optuna.__version__}, PyTorch {torch.__version__}",
        "best": best,
        "trainings": trainings,
        "processorSeconds": processor_seconds(),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--layout", choices=LAYOUTS, default=LAYOUTS[0])
    parser.add_argument("--prepare", action="store_true")
    arguments = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    if arguments.prepare:
        create_storage()
        return
    study_name = str(uuid.uuid4())
    optuna.create_study(study_name=study_name, storage=create_storage(), direction="maximize")
    # Read once; forked processes share the pages. They start before PyTorch has any thread that a fork would lose.
    torch.set_num_threads(1)
    job = SearchJob(arguments.folder, arguments.layout)
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=work, args=(study_name, job)) for _ in range(arguments.processes)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    failed = [process.exitcode for process in processes if process.exitcode != 0]
    assert not failed, f"processes ended with {failed}"
    print(json.dumps(report(study_name, job.recipe["epochs"])))


main()
