"""
Trains one network of a job's folder by PyTorch on the CPU, from weights that it draws itself, and prints its accuracy on
the test images as JSON.
"""

import argparse
import json
import pathlib

import torch

from image_data import ImageData
from training import Training


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    job = json.loads((arguments.folder / "job.json").read_text())
    data = ImageData(arguments.folder, job["image"])
    network, recipe = job["network"], job["recipe"]
    training = Training(network, recipe, data.images(network["input"]["spatial"]), data.labels, arguments.seed)
    for _ in range(recipe["epochs"]):
        training.train_epoch(data.indices("train"))
    parameters = sum(parameter.numel() for parameter in training.network.parameters())
    print(json.dumps({"accuracy": training.evaluate(data.indices("test")), "parameters": parameters}))


main()
