import { datasetFault } from '../dataset-fault.ts';

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** NumPy's name of the element type, e.g. `|u1`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Bytes before the first element. */
  readonly length: number;
}

/** Bytes that are certain to hold the header of an array of few dimensions. */
export const npyHeadBytes = 4096;

const magic = Buffer.from('\u0093NUMPY', 'latin1');
const remedy = 'Save the arrays with numpy.savez or numpy.savez_compressed.';

/** NumPy writes the dictionary in this one way, keys in order; shapes are `()`, `(3,)`, `(3, 4)`. */
const dictionary =
  /^\{'descr': '(?<type>[^']{1,20})', 'fortran_order': (?<fortran>True|False), 'shape': \((?<shape>|\d+,|\d+(?:, \d+)+)\), \} *\n$/;

function fault(file: string, found: string): Error {
  return datasetFault(file, `${file}: ${found}.`, { remedy });
}

/** The dictionary as text, and where it ends. */
function readDictionary(file: string, bytes: Buffer): { text: string; end: number } {
  if (bytes.length < 12 || !bytes.subarray(0, 6).equals(magic))
    throw fault(file, 'it does not start as a .npy file does');
  const major = bytes.readUInt8(6);
  if (major < 1 || major > 3) throw fault(file, `its format version ${major} is not 1, 2 or 3`);
  const start = major === 1 ? 10 : 12;
  const end = start + (major === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (end > bytes.length) throw fault(file, 'its header is cut, or is far too long');
  return { text: bytes.toString('latin1', start, end), end };
}

/**
 * Reads the header of a .npy file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) from its
 * first bytes. Arrays of objects, which would have to be unpickled, never get past it.
 *
 * @throws CompoundSearchError DATASET_INVALID
 */
export function parseNpyHeader(file: string, bytes: Buffer): NpyHeader {
  const { text, end } = readDictionary(file, bytes);
  const groups = dictionary.exec(text)?.groups;
  if (groups === undefined) throw fault(file, 'its header is not one that NumPy writes for an array of numbers');
  const shape = groups['shape']?.split(',').filter((part) => part !== '') ?? [];
  if (groups['fortran'] === 'True' && shape.length > 1) {
    throw datasetFault(file, `${file}: its elements are in Fortran order.`, {
      remedy: 'Save numpy.ascontiguousarray(array) instead.',
    });
  }
  return { type: groups['type'] ?? '', shape: shape.map(Number), length: end };
}

/** Element types of labels, by NumPy's names; big-endian ones have `>`. */
const integerReaders: Readonly<Record<string, { bytes: number; read: (view: DataView, at: number) => number }>> = {
  '|u1': { bytes: 1, read: (view, at) => view.getUint8(at) },
  '|i1': { bytes: 1, read: (view, at) => view.getInt8(at) },
  '<u2': { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  '<i2': { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  '<u4': { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  '<i4': { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  '<u8': { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  '<i8': { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
};

/** The elements of an array after its header. @throws CompoundSearchError DATASET_INVALID where bytes are missing or left over. */
export function npyElements(file: string, header: NpyHeader, bytes: Buffer): Buffer {
  const width = integerReaders[header.type]?.bytes ?? 1;
  const expected = header.shape.reduce((product, dimension) => product * dimension, width);
  const found = bytes.length - header.length;
  if (found === expected) return bytes.subarray(header.length);
  const message = `${file}: its shape (${header.shape.join(', ')}) takes ${expected} bytes, but ${found} follow the header.`;
  throw datasetFault(file, message, { remedy });
}

/**
 * The labels of a .npy file of integers, [count] or [count, 1].
 *
 * @throws CompoundSearchError DATASET_INVALID for other types and shapes, and labels that are not from 0 to 255.
 */
export function parseNpyLabels(file: string, bytes: Buffer): Uint8Array {
  const header = parseNpyHeader(file, bytes.subarray(0, npyHeadBytes));
  const reader = integerReaders[header.type];
  const [count = 0, second = 1] = header.shape;
  if (reader === undefined || header.shape.length < 1 || header.shape.length > 2 || second !== 1) {
    const found = `${header.type} of shape (${header.shape.join(', ')})`;
    throw datasetFault(file, `${file}: labels are integers of shape (count) or (count, 1), but it holds ${found}.`, {
      remedy: 'Save one integer class an image, not one-hot vectors.',
    });
  }
  const elements = npyElements(file, header, bytes);
  const view = new DataView(elements.buffer, elements.byteOffset, elements.byteLength);
  return Uint8Array.from({ length: count }, (_, index) => {
    const label = reader.read(view, index * reader.bytes);
    if (label >= 0 && label <= 255) return label;
    throw datasetFault(file, `${file}: labels go from 0 to 255, but that of image ${index} is ${label}.`, {
      remedy: 'Number the classes from 0.',
    });
  });
}
