"""The images of a job's folder, as a training takes them."""

import torch
from torch.nn import functional

from job import read_array


class ImageData:
    """Keeps everything in memory, and every resolution that was asked for, so that no training waits for its data."""

    def __init__(self, folder, image):
        shape = (-1, image["height"], image["width"], image["channels"])
        self.folder = folder
        self.pixels = read_array(folder, "images", torch.uint8).view(shape).permute(0, 3, 1, 2)
        self.labels = read_array(folder, "labels", torch.int32).long()
        self.resized = {}

    def images(self, size):
        """All images at a size, [height, width], from -1 to 1: bilinear, antialiased where they shrink."""
        key = tuple(size)
        if key not in self.resized:
            pixels = self.pixels.to(torch.float32)
            if key != tuple(pixels.shape[2:]):
                pixels = functional.interpolate(pixels, key, mode="bilinear", align_corners=False, antialias=True)
            self.resized[key] = pixels.div_(127.5).sub_(1)
        return self.resized[key]

    def indices(self, part):
        """Of the images of `train`, `validation` or `test`."""
        return read_array(self.folder, part, torch.int32)
