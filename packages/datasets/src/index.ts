/**
 * Image data sets as bytes: readers, the registry, stratified splits and content hashes.
 * Training and the API import it. It knows nothing of TensorFlow; sharp decodes image files for it.
 */
export { drawShapes, shapesImage } from './built-in/shapes.ts';
export { createDatasetChecker, type DatasetChecker, type DatasetCheckerOptions } from './checking/dataset-checker.ts';
export { contentHash } from './content-hash.ts';
export { type Dataset, type DatasetDescription, type ImageShape, type LabelledImages } from './dataset.ts';
export { datasetNotes } from './dataset-notes.ts';
export type { DatasetFindings } from './findings.ts';
export type { Labels } from './labels.ts';
export { type DatasetAccess, datasets, findDataset, loadDataset } from './registry.ts';
export { type IdxArray, readIdx, readIdxImages } from './sources/idx/idx.ts';
export {
  requireSplitSizes,
  type Split,
  type SplitSizes,
  stratifiedSplit,
  type StratifiedSplitRequest,
} from './split.ts';
