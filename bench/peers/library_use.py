"""Runs Python that builds networks, and counts what each has: a JSON list of {code, input} in, one line of JSON a case out.

`input` is [channels, height, width]. MACs are half of the floating-point operations that PyTorch counts in one forward
pass, of modules that are built without memory, so that large ones cost nothing. Keras has no such way.
"""

import json
import math
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import torch
from torch.utils.flop_counter import FlopCounterMode

try:
    import torchvision
except RuntimeError:
    # The wheel on PyPI is for PyTorch with CUDA and finds no operators of its own beside another one. Networks for
    # classification use none of them, so that it is enough to declare those that it names when it is imported.
    operators = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        operators.define(operator + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    import torchvision

import keras
import timm


def count(case):
    scope = {}
    is_keras = "keras" in case["code"]
    with torch.device("cpu" if is_keras else "meta"):
        exec(case["code"], scope)
    model = scope["model"]
    channels, height, width = case["input"]
    if is_keras:
        return {
            "parameters": sum(math.prod(weight.shape) for weight in model.trainable_weights),
            "macs": None,
            "input": [model.input_shape[3], *model.input_shape[1:3]],
            "classes": model.output_shape[-1],
        }
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        output = model.eval()(torch.zeros(1, channels, height, width, device="meta"))
    return {
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "macs": counter.get_total_flops() / 2,
        "input": case["input"],
        "classes": output.shape[-1],
    }


print(json.dumps({package.__name__: package.__version__ for package in (torch, torchvision, timm, keras)}))
with open(sys.argv[1]) as file:
    for case in json.load(file):
        print(json.dumps(count(case)), flush=True)
