"""
Trials of Optuna that compute nothing: `optuna_trials.py --processes N --trials M` asks for so many and tells their values at
once, in so many processes that share a study in OPTUNA_STORAGE. Prints Optuna's version and the seconds as JSON.
"""

import argparse
import json
import multiprocessing
import os
import time
import uuid

import optuna
from optuna.samplers import RandomSampler
from optuna.storages import RDBStorage


def create_storage():
    return RDBStorage(os.environ["OPTUNA_STORAGE"])


def work(study_name, trials, start):
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.load_study(study_name=study_name, storage=create_storage(), sampler=RandomSampler())
    start.wait()
    for _ in range(trials):
        trial = study.ask()
        accuracy = trial.suggest_float("width", 1, 2)
        # What a training of one epoch reports.
        trial.report(accuracy, 1)
        study.tell(trial, accuracy)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, required=True)
    parser.add_argument("--trials", type=int, required=True)
    arguments = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study_name = str(uuid.uuid4())
    optuna.create_study(study_name=study_name, storage=create_storage(), direction="maximize")
    spawn = multiprocessing.get_context("spawn")
    # The clock starts when all processes have imported Optuna and connected.
    start = spawn.Barrier(arguments.processes + 1)
    share = arguments.trials // arguments.processes
    processes = [spawn.Process(target=work, args=(study_name, share, start)) for _ in range(arguments.processes)]
    for process in processes:
        process.start()
    start.wait()
    begun = time.monotonic()
    for process in processes:
        process.join()
    seconds = time.monotonic() - begun
    failed = [process.exitcode for process in processes if process.exitcode != 0]
    assert not failed, f"processes ended with {failed}"
    print(json.dumps({"version": f"Optuna {optuna.__version__}", "trials": share * len(processes), "seconds": seconds}))


if __name__ == "__main__":
    main()
