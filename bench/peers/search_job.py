"""A search's folder: candidates, seeds, one recipe and the images that they are trained and compared on."""

import json

from image_data import ImageData
from training import Training


class SearchJob:
    """What every process of a search holds. `layout` is one of LAYOUTS."""

    def __init__(self, folder, layout):
        job = json.loads((folder / "job.json").read_text())
        self.candidates, self.seeds, self.recipe = job["candidates"], job["seeds"], job["recipe"]
        self.layout = layout
        self.data = ImageData(folder, job["image"])
        self.train_indices, self.validation_indices = self.data.indices("train"), self.data.indices("validation")

    def start(self, candidate, seed):
        """The training of a candidate, by its place, with a seed."""
        network = self.candidates[candidate]
        images = self.data.images(network["input"]["spatial"])
        return Training(network, self.recipe, images, self.data.labels, seed, self.layout)

    def train_epoch(self, training):
        training.train_epoch(self.train_indices)

    def evaluate(self, training):
        return training.evaluate(self.validation_indices)


LAYOUTS = ("channels_last", "contiguous")
