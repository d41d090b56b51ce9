"""
Trains one network of a job's folder by PyTorch on the CPU, from weights that it draws itself, and prints its accuracy on
the test images as JSON: the paper's recipe as the training graph has it.
"""

import argparse
import json
import math
import pathlib

import torch
from torch.nn import functional

from job import decay_groups, read_array
from network import Network


class TensorFlowRMSProp(torch.optim.Optimizer):
    """
    ms = decay ms + (1 - decay) g^2, m = momentum m + rate g / sqrt(ms + epsilon), w = w - m, with ms from 1 and m from 0:
    tf.compat.v1.train.RMSPropOptimizer. torch.optim.RMSprop adds epsilon outside of the root and multiplies by the rate
    after the momentum, which differs where the rate changes.
    """

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                state = self.state[parameter]
                if not state:
                    state["mean_square"] = torch.ones_like(parameter)
                    state["momentum"] = torch.zeros_like(parameter)
                gradient = parameter.grad + group["weight_decay"] * parameter
                mean_square = state["mean_square"]
                mean_square.mul_(group["decay"]).addcmul_(gradient, gradient, value=1 - group["decay"])
                root = (mean_square + group["epsilon"]).sqrt_()
                state["momentum"].mul_(group["momentum"]).addcdiv_(gradient, root, value=group["lr"])
                parameter.sub_(state["momentum"])


def draw_weights(network, generator):
    """By the distributions of the paper's code: fan-out normal convolutions, a uniform classifier."""
    weights = {}
    for layer in network["layers"]:
        name, operation, kind = layer["name"], layer["operation"], layer["operation"]["kind"]
        inputs, outputs = layer["inputShapes"][0]["channels"], layer["outputShape"]["channels"]
        if kind == "convolution" or kind == "depthwise-convolution":
            is_depthwise = kind == "depthwise-convolution"
            shape = [*operation["kernel"], inputs, 1 if is_depthwise else outputs]
            fan_out = math.prod(operation["kernel"]) * shape[-1]
            weights[f"{name}/kernel"] = torch.randn(shape, generator=generator) * math.sqrt(2 / fan_out)
        elif kind == "dense":
            limit = 1 / math.sqrt(outputs)
            weights[f"{name}/kernel"] = (torch.rand((inputs, outputs), generator=generator) * 2 - 1) * limit
        elif kind == "batch-normalization":
            weights[f"{name}/scale"] = torch.ones(outputs)
            weights[f"{name}/offset"] = torch.zeros(outputs)
        if operation.get("bias"):
            weights[f"{name}/bias"] = torch.zeros(outputs)
    return weights


def learning_rate(step, recipe, steps_per_epoch):
    stairs = math.floor(step / (recipe["learningRateDecayEpochs"] * steps_per_epoch))
    decayed = recipe["learningRate"] * recipe["learningRateDecay"] ** stairs
    warmup_steps = recipe["warmupEpochs"] * steps_per_epoch
    return decayed if warmup_steps == 0 else min(decayed, recipe["learningRate"] * step / warmup_steps)


def check(recipe):
    """Refuses what this peer does not do, so that it never stands for another recipe."""
    assert recipe["optimizer"]["kind"] == "rmsprop", recipe["optimizer"]
    assert recipe["learningRateSchedule"] == "exponential", recipe["learningRateSchedule"]
    assert recipe["weightAverageDecay"] == 0, recipe["weightAverageDecay"]
    assert not any(recipe["augmentation"].values()), recipe["augmentation"]
    assert recipe["progressiveResolution"] == [1], recipe["progressiveResolution"]
    for absent in ("steps", "macsBudget", "gradientClipNorm", "learningRateBatchSize"):
        assert absent not in recipe, absent


class Accuracy:
    def __init__(self, folder, seed):
        job = json.loads((folder / "job.json").read_text())
        self.recipe = job["recipe"]
        check(self.recipe)
        network = job["network"]
        self.generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)
        spatial, channels = network["input"]["spatial"], network["input"]["channels"]
        self.images = read_array(folder, "images", torch.uint8).view(-1, *spatial, channels).permute(0, 3, 1, 2)
        self.labels = read_array(folder, "labels", torch.int32).long()
        self.train_indices = read_array(folder, "train", torch.int32)
        self.test_indices = read_array(folder, "test", torch.int32)
        self.network = Network(network, draw_weights(network, self.generator)).to(memory_format=torch.channels_last)
        settings = self.recipe["optimizer"]
        self.optimizer = TensorFlowRMSProp(
            decay_groups(self.network, self.recipe["weightDecay"]),
            {"lr": 0.0, **{key: settings[key] for key in ("decay", "momentum", "epsilon")}},
        )

    def gather(self, indices):
        return self.images.index_select(0, indices).to(torch.float32).div_(127.5).sub_(1)

    def train(self):
        size = self.recipe["batchSize"]
        steps_per_epoch = len(self.train_indices) // size
        self.network.train()
        for epoch in range(self.recipe["epochs"]):
            order = self.train_indices[torch.randperm(len(self.train_indices), generator=self.generator)]
            for batch in range(steps_per_epoch):
                indices = order[batch * size : (batch + 1) * size]
                rate = learning_rate(epoch * steps_per_epoch + batch, self.recipe, steps_per_epoch)
                for group in self.optimizer.param_groups:
                    group["lr"] = rate
                loss = functional.cross_entropy(
                    self.network(self.gather(indices)),
                    self.labels.index_select(0, indices),
                    label_smoothing=self.recipe["labelSmoothing"],
                )
                self.optimizer.zero_grad(set_to_none=True)
                loss.backward()
                self.optimizer.step()

    @torch.no_grad()
    def evaluate(self):
        self.network.eval()
        correct = 0
        for indices in self.test_indices.split(250):
            predicted = self.network(self.gather(indices)).argmax(1)
            correct += (predicted == self.labels.index_select(0, indices)).sum().item()
        return correct / len(self.test_indices)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    accuracy = Accuracy(arguments.folder, arguments.seed)
    accuracy.train()
    parameters = sum(parameter.numel() for parameter in accuracy.network.parameters())
    print(json.dumps({"accuracy": accuracy.evaluate(), "parameters": parameters}))


main()
