"""Training by PyTorch on the CPU, from weights that it draws itself: the paper's recipe as the training graph has it."""

import math

import torch
from torch.nn import functional

from job import decay_groups
from network import Network

EVALUATION_BATCH = 250


class TensorFlowRMSProp(torch.optim.Optimizer):
    """
    ms = decay ms + (1 - decay) g^2, m = momentum m + rate g / sqrt(ms + epsilon), w = w - m, with ms from 1 and m from 0:
    tf.compat.v1.train.RMSPropOptimizer. torch.optim.RMSprop adds epsilon outside of the root and multiplies by the rate
    after the momentum, which differs where the rate changes. All parameters of a group are updated in one call a step of
    the formula, as torch.optim does with `foreach`.
    """

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            parameters = group["params"]
            if "mean_square" not in group:
                group["mean_square"] = [torch.ones_like(parameter) for parameter in parameters]
                group["velocity"] = [torch.zeros_like(parameter) for parameter in parameters]
            mean_square, velocity = group["mean_square"], group["velocity"]
            gradients = [parameter.grad for parameter in parameters]
            if group["weight_decay"] != 0:
                gradients = torch._foreach_add(gradients, parameters, alpha=group["weight_decay"])
            torch._foreach_mul_(mean_square, group["decay"])
            torch._foreach_addcmul_(mean_square, gradients, gradients, 1 - group["decay"])
            root = torch._foreach_add(mean_square, group["epsilon"])
            torch._foreach_sqrt_(root)
            torch._foreach_mul_(velocity, group["momentum"])
            torch._foreach_addcdiv_(velocity, gradients, root, group["lr"])
            torch._foreach_sub_(parameters, velocity)


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
    warmup_steps = recipe["warmupEpochs"] * steps_per_epoch
    if recipe["learningRateSchedule"] == "cosine":
        steps = recipe["epochs"] * steps_per_epoch
        done = (step - warmup_steps) / max(1, steps - warmup_steps)
        share = (1 + math.cos(math.pi * done)) / 2
    else:
        share = recipe["learningRateDecay"] ** math.floor(step / (recipe["learningRateDecayEpochs"] * steps_per_epoch))
    fallen = recipe["learningRate"] * share
    return fallen if warmup_steps == 0 else min(fallen, recipe["learningRate"] * step / warmup_steps)


def check(recipe):
    """Refuses what this peer does not do, so that it never stands for another recipe."""
    assert recipe["optimizer"]["kind"] == "rmsprop", recipe["optimizer"]
    assert recipe["learningRateSchedule"] in ("exponential", "cosine"), recipe["learningRateSchedule"]
    assert recipe["weightAverageDecay"] == 0, recipe["weightAverageDecay"]
    changes = {key: value for key, value in recipe["augmentation"].items() if value}
    assert not changes, changes
    assert recipe["progressiveResolution"] == [1], recipe["progressiveResolution"]
    for absent in ("steps", "macsBudget", "gradientClipNorm", "learningRateBatchSize"):
        assert absent not in recipe, absent


class Training:
    """
    One network from its first weights on. `images` is float32 [count, channels, height, width], normalized and of the
    network's resolution; `labels` is int64 [count].
    """

    def __init__(self, network, recipe, images, labels, seed, layout="channels_last"):
        check(recipe)
        self.recipe = recipe
        self.images, self.labels = images, labels
        self.format = getattr(torch, "channels_last" if layout == "channels_last" else "contiguous_format")
        self.generator = torch.Generator().manual_seed(seed)
        # Of dropout and stochastic depth.
        torch.manual_seed(seed)
        self.network = Network(network, draw_weights(network, self.generator)).to(memory_format=self.format)
        settings = recipe["optimizer"]
        self.optimizer = TensorFlowRMSProp(
            decay_groups(self.network, recipe["weightDecay"]),
            {"lr": 0.0, **{key: settings[key] for key in ("decay", "momentum", "epsilon")}},
        )
        self.step = 0

    def gather(self, indices):
        return self.images.index_select(0, indices).contiguous(memory_format=self.format)

    def train_step(self, indices, steps_per_epoch):
        rate = learning_rate(self.step, self.recipe, steps_per_epoch)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        logits = self.network(self.gather(indices))
        labels = self.labels.index_select(0, indices)
        loss = functional.cross_entropy(logits, labels, label_smoothing=self.recipe["labelSmoothing"])
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        self.step += 1

    def train_epoch(self, indices):
        size = self.recipe["batchSize"]
        steps_per_epoch = len(indices) // size
        order = indices[torch.randperm(len(indices), generator=self.generator)]
        self.network.train()
        for batch in range(steps_per_epoch):
            self.train_step(order[batch * size : (batch + 1) * size], steps_per_epoch)

    @torch.inference_mode()
    def evaluate(self, indices):
        """The share of these images that is classified rightly."""
        self.network.eval()
        correct = 0
        for part in indices.split(EVALUATION_BATCH):
            predicted = self.network(self.gather(part)).argmax(1)
            correct += (predicted == self.labels.index_select(0, part)).sum().item()
        return correct / len(indices)
