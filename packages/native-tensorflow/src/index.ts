/**
 * The native TensorFlow library on this machine: fetched, Node's addon compiled over it, the npm package pointed at the
 * addon, and all of it tried in a process of its own. Only the doctor, the set-up and the benchmarks import it.
 */
export { addonLink, findCompiler } from './addon.ts';
export { type TensorflowVariant, tensorflowVersion } from './artefacts.ts';
export { ensureTensorflow, pinnedLibrary, tensorflowPackage, type TensorflowSetup } from './ensure-tensorflow.ts';
export { findTensorflow, type FoundTensorflow } from './find-tensorflow.ts';
export { type LoadedLibrary, type ProbeOutcome } from './probe-library.ts';
