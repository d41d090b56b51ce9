"""
Traces steps of a training graph, as JSON: `profile_step.py PROGRAM JOB STEPS`. PROGRAM is the folder of a SavedModel with its
`program.json`, JOB that of a job. Answers with the seconds of every kernel in the mean step, by node.
"""

import collections
import json
import pathlib
import sys

import numpy
import tensorflow

tf = tensorflow.compat.v1
WARMUP = 5

program_folder, job_folder, steps = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
program = json.loads((pathlib.Path(program_folder) / "program.json").read_text())
job = json.loads((job_folder / "job.json").read_text())


def read(name, dtype):
    return numpy.fromfile(job_folder / f"{name}.bin", dtype=dtype)


def run(session, signature, inputs, **options):
    tensors = signature["inputs"]
    feed = {tensors[name]["name"]: numpy.reshape(value, tensors[name]["shape"]) for name, value in inputs.items()}
    return session.run([tensor["name"] for tensor in signature["outputs"].values()], feed, **options)


config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
traced = collections.defaultdict(float)
kernels = {}
with tf.Session(graph=tf.Graph(), config=config) as session:
    tf.saved_model.load(session, ["serve"], program_folder)
    run(session, program["signatures"]["load"], {"images": read("images", "u1"), "labels": read("labels", "<i4")})
    run(session, program["signatures"]["initialize"], {"seed": 1})
    batches = read("batches", "<i4").reshape(job["batches"], -1)
    for step in range(WARMUP + steps):
        inputs = {"indices": batches[step % len(batches)], "step": step, "seed": 1}
        if step < WARMUP:
            run(session, program["train"][0], inputs)
            continue
        metadata = tf.RunMetadata()
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        run(session, program["train"][0], inputs, options=options, run_metadata=metadata)
        for device in metadata.step_stats.dev_stats:
            for node in device.node_stats:
                # Labels are "node = Kernel(inputs)".
                kernels[node.node_name] = node.timeline_label.partition(" = ")[2].partition("(")[0]
                traced[node.node_name] += (node.op_end_rel_micros - node.op_start_rel_micros) / 1e6 / steps
nodes = [{"node": name, "kernel": kernels[name], "seconds": seconds} for name, seconds in traced.items()]
print(json.dumps({"version": tensorflow.__version__, "nodes": nodes}))
