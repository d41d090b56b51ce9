import { datasetFault } from './dataset-fault.ts';
import { listParts, mapParts, type Parts } from './parts.ts';

/** Classes of images: bytes where there are at most 256 classes, else 16 bits. */
export type Labels = Uint8Array | Uint16Array;

/** Labels have 16 bits at most. */
export const mostClasses = 2 ** 16;

/** The labels in as few bytes as their number of classes needs. */
export function packLabels(values: Iterable<number>, classes: number): Labels {
  return classes <= 2 ** 8 ? Uint8Array.from(values) : Uint16Array.from(values);
}

/** Labels as a file has them. */
export interface FileLabels {
  /** Name of the file in messages. */
  readonly file: string;
  readonly labels: Labels;
}

/** Labels from 0, with the names of their classes. */
export interface NumberedClasses {
  readonly labels: Parts<Labels>;
  readonly classNames: readonly string[];
  readonly notes: readonly string[];
}

function largestOf(labels: Labels): number {
  let largest = 0;
  for (const label of labels) largest = Math.max(largest, label);
  return largest;
}

/** The labels of the training part say which classes there are. */
function requireKnownLabels(parts: Parts<FileLabels>, first: number, last: number): void {
  for (const { value } of listParts(parts)) {
    const outside = value.labels.findIndex((label) => label > last);
    if (outside < 0) continue;
    const found = `labels go from ${first} to ${last} in ${parts.train.file}, but that of image ${outside}`;
    throw datasetFault(value.file, `${value.file}: ${found} is ${value.labels[outside]}.`, {
      remedy: 'Use the labels that belong to these classes.',
    });
  }
}

/**
 * Numbers the classes from 0. Where no image of any part has label 0, the labels count from 1, as those of EMNIST's
 * letters do, and all are lowered by one; the classes keep the numbers of the files as their names.
 *
 * @throws CompoundSearchError DATASET_INVALID where a part has a label beyond those of the training part.
 */
export function numberClasses(parts: Parts<FileLabels>): NumberedClasses {
  const first = listParts(parts).some(({ value }) => value.labels.includes(0)) ? 0 : 1;
  const last = largestOf(parts.train.labels);
  requireKnownLabels(parts, first, last);
  const classNames = Array.from({ length: last - first + 1 }, (_, index) => String(index + first));
  const lowered = mapParts(parts, ({ labels }) =>
    packLabels(
      labels.map((label) => label - first),
      classNames.length,
    ),
  );
  const note =
    'The labels count from 1, so each is lowered by one; the classes keep the numbers of the files as their names.';
  return { labels: lowered, classNames, notes: first === 0 ? [] : [note] };
}
