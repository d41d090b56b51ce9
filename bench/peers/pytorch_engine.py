"""
An engine process of the benchmark: PyTorch on the CPU. Reads a job's folder, then commands from its standard input,
one JSON object a line, and answers each the same way.
"""

import argparse
import json
import pathlib
import sys
import time

import torch
from torch.nn import functional

from job import decay_groups, read_array, read_weights
from network import Convolution, Network


class Training:
    def __init__(self, folder, arguments):
        self.job = job = json.loads((folder / "job.json").read_text())
        self.recipe = job["recipe"]
        network = job["network"]
        self.format = torch.channels_last if arguments.layout == "channels_last" else torch.contiguous_format
        height, width = network["input"]["spatial"]
        images = read_array(folder, "images", torch.uint8).view(-1, height, width, network["input"]["channels"])
        self.is_channels_last = arguments.layout == "channels_last"
        self.images = images if self.is_channels_last else images.permute(0, 3, 1, 2).contiguous()
        self.labels = read_array(folder, "labels", torch.int32).long()
        self.batches = read_array(folder, "batches", torch.int32).view(job["batches"], -1)
        self.network = Network(network, read_weights(folder, job)).to(memory_format=self.format)
        self.network.train()
        self.forward = torch.compile(self.network) if arguments.compile else self.network
        self.optimizer = self.create_optimizer(arguments.foreach)
        self.step = 0

    def create_optimizer(self, foreach):
        """RMSProp whose mean squares start at 1, as in the paper's code, so that the losses can be compared."""
        settings = self.recipe["optimizer"]
        optimizer = torch.optim.RMSprop(
            decay_groups(self.network, self.recipe["weightDecay"]),
            lr=self.recipe["learningRate"],
            alpha=settings["decay"],
            eps=settings["epsilon"],
            momentum=settings["momentum"],
            foreach=foreach,
        )
        for parameter in self.network.parameters():
            optimizer.state[parameter] = {
                "step": torch.zeros(()),
                "square_avg": torch.ones_like(parameter),
                "momentum_buffer": torch.zeros_like(parameter),
            }
        return optimizer

    def gather(self, indices):
        pixels = self.images.index_select(0, indices)
        if self.is_channels_last:
            pixels = pixels.permute(0, 3, 1, 2)
        return pixels.to(torch.float32, memory_format=self.format).div_(127.5).sub_(1)

    def train(self, steps):
        losses = []
        start, used = time.perf_counter(), time.process_time()
        for _ in range(steps):
            indices = self.batches[self.step % self.batches.shape[0]]
            labels = self.labels.index_select(0, indices)
            logits = self.forward(self.gather(indices))
            loss = functional.cross_entropy(logits, labels, label_smoothing=self.recipe["labelSmoothing"])
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
            self.step += 1
        return {
            "seconds": time.perf_counter() - start,
            "processorSeconds": time.process_time() - used,
            "losses": losses,
        }

    def stop_exact_padding(self):
        for module in self.network.modules():
            if isinstance(module, Convolution):
                module.is_exact = False


def answer(message):
    print(json.dumps(message), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--layout", choices=["channels_last", "contiguous"], required=True)
    parser.add_argument("--foreach", action="store_true")
    parser.add_argument("--compile", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    training = Training(arguments.folder, arguments)
    losses = training.train(training.job["agreementSteps"])["losses"]
    training.stop_exact_padding()
    seconds_per_step = 0
    start = time.perf_counter()
    for index in range(training.job["warmupSteps"]):
        ran = training.train(1)
        losses += ran["losses"]
        seconds_per_step = ran["seconds"]
        # The first step without exact padding may compile the network anew.
        if index > 0 and time.perf_counter() - start >= training.job["warmupSeconds"]:
            break
    answer(
        {
            "kind": "ready",
            "description": f"PyTorch {torch.__version__}, {arguments.layout}",
            "parameters": sum(parameter.numel() for parameter in training.network.parameters()),
            "losses": losses,
            "secondsPerStep": seconds_per_step,
        }
    )
    for line in sys.stdin:
        answer({"kind": "ran", **training.train(json.loads(line)["steps"])})


main()
