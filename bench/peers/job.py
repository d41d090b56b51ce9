"""What both PyTorch programs read from a job's folder, and how weights are divided for the optimizer."""

import math

import torch


def read_array(folder, name, dtype):
    return torch.frombuffer(bytearray((folder / f"{name}.bin").read_bytes()), dtype=dtype)


def read_weights(folder, job):
    values = read_array(folder, "weights", torch.float32)
    weights = {}
    for entry in job["weights"]:
        size = math.prod(entry["shape"])
        weights[entry["name"]] = values[entry["offset"] : entry["offset"] + size].view(entry["shape"]).clone()
    return weights


def decay_groups(network, weight_decay):
    """Kernels, which decay, and all others, which do not."""
    decayed = [
        parameter
        for name, parameter in network.named_parameters()
        if name.endswith("weight") and parameter.dim() > 1
    ]
    ids = {id(parameter) for parameter in decayed}
    others = [parameter for parameter in network.parameters() if id(parameter) not in ids]
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
