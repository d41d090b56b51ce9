"""Probabilities of a SavedModel for images in a file of float32, as JSON: `saved_model.py FOLDER FILE BATCH`."""

import json
import sys

import numpy
import tensorflow

folder, file, batch = sys.argv[1], sys.argv[2], int(sys.argv[3])
signature = tensorflow.saved_model.load(folder).signatures["serving_default"]
_, height, width, channels = signature.structured_input_signature[1]["image"].shape
images = numpy.fromfile(file, dtype="<f4").reshape(-1, height, width, channels)
parts = [
    signature(image=tensorflow.constant(images[start : start + batch]))["probabilities"].numpy()
    for start in range(0, len(images), batch)
]
print(json.dumps({"version": tensorflow.__version__, "probabilities": numpy.concatenate(parts).tolist()}))
