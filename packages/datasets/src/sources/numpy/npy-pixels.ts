import { datasetFault } from '../../dataset-fault.ts';
import { elementReader, type ElementType, npyElements, type NpyHeader, type ReadElement } from './npy.ts';

/** The images of an array as bytes. */
export interface NpyPixels {
  /** Row-major, 0 to 255. */
  readonly values: Uint8Array;
  /** What the array's values were multiplied by. */
  readonly scale: 1 | 255;
  /** What was done to come to bytes in row-major order, as messages have it; undefined where nothing was. */
  readonly conversion: string | undefined;
}

interface ValueRange {
  readonly least: number;
  readonly most: number;
  readonly areWhole: boolean;
}

function rangeOf(read: ReadElement, count: number): ValueRange {
  let [least, most, areWhole] = [Infinity, -Infinity, true];
  for (let index = 0; index < count; index++) {
    const value = read(index);
    if (Number.isNaN(value)) return { least: Number.NaN, most: Number.NaN, areWhole: false };
    if (value < least) least = value;
    if (value > most) most = value;
    if (areWhole && !Number.isInteger(value)) areWhole = false;
  }
  return { least, most, areWhole };
}

const kindNames = { b: 'booleans', u: 'integers without sign', i: 'integers', f: 'floats' } as const;

function nameOf({ kind, bytes }: ElementType): string {
  return kind === 'b' ? kindNames.b : `${kindNames[kind]} of ${8 * bytes} bits`;
}

/** Floats whose largest value is below this are no images from 0 to 255: a data set has bright pixels somewhere. */
const leastBrightest = 128;

/** What brings values to 0 to 255; undefined where that cannot be told. */
function scaleOf({ kind }: ElementType, { least, most }: ValueRange): 1 | 255 | undefined {
  if (!(least >= 0 && most <= 255)) return undefined;
  if (kind === 'b') return 255;
  if (kind !== 'f') return 1;
  if (most <= 1) return 255;
  return most >= leastBrightest ? 1 : undefined;
}

function describeScaling(element: ElementType, { areWhole }: ValueRange, scale: 1 | 255): string {
  const name = nameOf(element);
  if (element.kind === 'b') return `${name} became 0 and 255`;
  if (scale === 255) return `${name} from 0 to 1 were multiplied by 255 and rounded`;
  return areWhole ? `${name} from 0 to 255 became bytes` : `${name} from 0 to 255 were rounded`;
}

/** Values whose first index varies fastest, brought into the order in which the last one does. */
function toRowMajor(values: Uint8Array, shape: readonly number[]): Uint8Array {
  const ordered = new Uint8Array(values.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = values[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [size = 1, stride = 0] = [shape[axis], strides[axis]];
      index[axis] = (index[axis] ?? 0) + 1;
      from += stride;
      if (index[axis] !== size) break;
      index[axis] = 0;
      from -= size * stride;
    }
  }
  return ordered;
}

function scaled(file: string, element: ElementType, elements: Buffer): Omit<NpyPixels, 'conversion'> & { how: string } {
  const count = elements.length / element.bytes;
  const read = elementReader(element, elements);
  const range = rangeOf(read, count);
  const scale = scaleOf(element, range);
  if (scale === undefined) {
    const message = `${file}: its values are ${nameOf(element)} from ${range.least} to ${range.most}, neither 0 to 255 nor floats from 0 to 1.`;
    throw datasetFault(file, message, {
      remedy: 'Save images as uint8 from 0 to 255, as they were before they were normalized.',
    });
  }
  const values = new Uint8Array(count);
  for (let index = 0; index < count; index++) values[index] = Math.round(read(index) * scale);
  return { values, scale, how: describeScaling(element, range, scale) };
}

/**
 * The images of a .npy file as bytes from 0 to 255. What is unambiguous is converted: integers from 0 to 255, floats
 * from 0 to 1 or to 255, booleans, and Fortran order.
 *
 * @throws CompoundSearchError DATASET_INVALID for other values.
 */
export function parseNpyPixels(file: string, header: NpyHeader, bytes: Buffer): NpyPixels {
  const { element, fortranOrder, shape, type } = header;
  if (element === undefined) throw new RangeError(`${file} holds ${type}.`);
  const elements = npyElements(file, header, bytes);
  const isBytes = element.kind === 'u' && element.bytes === 1;
  const { values, scale, how } = isBytes
    ? { values: new Uint8Array(elements), scale: 1 as const, how: undefined }
    : scaled(file, element, elements);
  const steps = [how, fortranOrder ? 'Fortran order became C order' : undefined].filter((step) => step !== undefined);
  return {
    values: fortranOrder ? toRowMajor(values, shape) : values,
    scale,
    conversion: steps.length === 0 ? undefined : steps.join(', '),
  };
}
