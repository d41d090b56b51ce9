"""A network out of the benchmark's list of layers, in PyTorch."""

import torch
from torch import nn
from torch.nn import functional

ACTIVATIONS = {
    "swish": functional.silu,
    "relu": functional.relu,
    "relu6": functional.relu6,
    "sigmoid": torch.sigmoid,
    "hard-swish": functional.hardswish,
    "linear": lambda x: x,
}


class Network(nn.Module):
    """Runs the layers in their order. `weights` are tensors by name in TensorFlow's layouts."""

    def __init__(self, description, weights):
        super().__init__()
        self.layers = nn.ModuleList()
        self.inputs = [layer["inputs"] for layer in description["layers"]]
        self.names = [layer["name"] for layer in description["layers"]]
        for layer in description["layers"]:
            prefix = layer["name"] + "/"
            own = {name[len(prefix) :]: value for name, value in weights.items() if name.startswith(prefix)}
            self.layers.append(LAYERS[layer["operation"]["kind"]](layer, own))

    def forward(self, images):
        outputs = {"image": images}
        for name, inputs, layer in zip(self.names, self.inputs, self.layers):
            last = layer(*[outputs[input] for input in inputs])
            outputs[name] = last
        return last


class Convolution(nn.Module):
    """
    A convolution that keeps ceil(size / stride) positions. With `is_exact` it pads as TensorFlow does, more at the end
    than at the start; otherwise on both sides alike, as PyTorch's own networks do, which saves a pass over the image.
    """

    def __init__(self, layer, weights):
        super().__init__()
        operation = layer["operation"]
        kernel = weights["kernel"]
        is_depthwise = operation["kind"] == "depthwise-convolution"
        self.groups = kernel.shape[2] if is_depthwise else 1
        # [height, width, in, out] to [out, in, height, width]; a depthwise kernel is [height, width, channels, 1].
        self.weight = nn.Parameter(kernel.permute((2, 3, 0, 1) if is_depthwise else (3, 2, 0, 1)).contiguous())
        self.bias = nn.Parameter(weights["bias"]) if "bias" in weights else None
        self.strides = operation["strides"]
        self.padding = [side // 2 for side in operation["kernel"]]
        self.exact_padding = exact_padding(layer)
        self.is_exact = True

    def forward(self, x):
        padding = self.padding
        if self.is_exact and self.exact_padding is not None:
            x, padding = functional.pad(x, self.exact_padding), 0
        return functional.conv2d(x, self.weight, self.bias, self.strides, padding, 1, self.groups)


def exact_padding(layer):
    """[left, right, top, bottom], or None where both ends are alike."""
    pads = []
    operation = layer["operation"]
    spatial = layer["inputShapes"][0]["spatial"]
    for size, side, stride in reversed(list(zip(spatial, operation["kernel"], operation["strides"]))):
        total = max((-(-size // stride) - 1) * stride + side - size, 0)
        pads += [total // 2, total - total // 2]
    alike = [side // 2 for side in reversed(operation["kernel"]) for _ in range(2)]
    return None if pads == alike else pads


class BatchNormalization(nn.Module):
    def __init__(self, layer, weights):
        super().__init__()
        operation = layer["operation"]
        channels = layer["outputShape"]["channels"]
        self.weight = nn.Parameter(weights["scale"])
        self.bias = nn.Parameter(weights["offset"])
        self.momentum = 1 - operation["momentum"]
        self.epsilon = operation["epsilon"]
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("variance", torch.ones(channels))

    def forward(self, x):
        return functional.batch_norm(
            x, self.mean, self.variance, self.weight, self.bias, self.training, self.momentum, self.epsilon
        )


class Dense(nn.Module):
    def __init__(self, _layer, weights):
        super().__init__()
        self.weight = nn.Parameter(weights["kernel"].t().contiguous())
        self.bias = nn.Parameter(weights["bias"]) if "bias" in weights else None

    def forward(self, x):
        return functional.linear(x, self.weight, self.bias)


class Activation(nn.Module):
    def __init__(self, layer, _weights):
        super().__init__()
        self.function = ACTIVATIONS[layer["operation"]["function"]]

    def forward(self, x):
        return self.function(x)


class GlobalAveragePooling(nn.Module):
    def __init__(self, layer, _weights):
        super().__init__()
        self.keep = layer["operation"]["keepSpatial"]

    def forward(self, x):
        return x.mean((2, 3), keepdim=self.keep)


class MaxPooling(nn.Module):
    def __init__(self, layer, _weights):
        super().__init__()
        self.kernel = layer["operation"]["kernel"]
        self.strides = layer["operation"]["strides"]
        self.pads = exact_padding(layer)

    def forward(self, x):
        if self.pads is None:
            return functional.max_pool2d(x, self.kernel, self.strides, [side // 2 for side in self.kernel])
        return functional.max_pool2d(functional.pad(x, self.pads, value=float("-inf")), self.kernel, self.strides)


class PaddedShortcut(nn.Module):
    """Every stride-th position, with new channels of zeros, half of them on each side."""

    def __init__(self, layer, _weights):
        super().__init__()
        self.strides = layer["operation"]["strides"]
        added = layer["operation"]["filters"] - layer["inputShapes"][0]["channels"]
        self.pads = (0, 0, 0, 0, added // 2, added - added // 2)

    def forward(self, x):
        return functional.pad(x[:, :, :: self.strides[0], :: self.strides[1]], self.pads)


class Dropout(nn.Module):
    def __init__(self, layer, _weights):
        super().__init__()
        self.rate = layer["operation"]["rate"]

    def forward(self, x):
        return functional.dropout(x, self.rate, self.training)


class StochasticDepth(nn.Module):
    """Drops the whole map of an image, and scales what is kept."""

    def __init__(self, layer, _weights):
        super().__init__()
        self.rate = layer["operation"]["rate"]

    def forward(self, x):
        kept = functional.dropout(x.new_ones((x.shape[0], 1, 1, 1)), self.rate, self.training)
        return x * kept


class ChannelScaling(nn.Module):
    def __init__(self, _layer, _weights):
        super().__init__()

    def forward(self, x, gate):
        return x * gate


class Addition(nn.Module):
    def __init__(self, _layer, _weights):
        super().__init__()

    def forward(self, a, b):
        return a + b


LAYERS = {
    "convolution": Convolution,
    "depthwise-convolution": Convolution,
    "batch-normalization": BatchNormalization,
    "dense": Dense,
    "activation": Activation,
    "global-average-pooling": GlobalAveragePooling,
    "max-pooling": MaxPooling,
    "padded-shortcut": PaddedShortcut,
    "dropout": Dropout,
    "stochastic-depth": StochasticDepth,
    "channel-scaling": ChannelScaling,
    "addition": Addition,
}
