import { datasetFault } from '../../dataset-fault.ts';

/** The numbers of an array: what NumPy calls its dtype. */
export interface ElementType {
  /** b: booleans, u and i: integers without and with sign, f: floats */
  readonly kind: 'b' | 'u' | 'i' | 'f';
  readonly bytes: number;
  readonly littleEndian: boolean;
}

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** NumPy's name of the element type, e.g. `|u1`. */
  readonly type: string;
  /** Undefined where the elements are no numbers, or none that can be read here. */
  readonly element: ElementType | undefined;
  readonly shape: readonly number[];
  /** Whether the first index varies fastest. */
  readonly fortranOrder: boolean;
  /** Bytes before the first element. */
  readonly length: number;
}

/** Bytes that are certain to hold the header of an array of few dimensions. */
export const npyHeadBytes = 4096;

const magic = Buffer.from('\u0093NUMPY', 'latin1');
const remedy = 'Save the arrays with numpy.savez or numpy.savez_compressed.';

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
 * One entry of the dictionary: a key and a string, a truth value or a tuple of whole numbers. NumPy writes the keys in
 * order and a comma after the last, but readers must depend on neither; Python 2 wrote long numbers as `60000L`.
 */
const entryPattern =
  /(?<=^\{|,)\s*(?<quote>['"])(?<key>\w+)\k<quote>\s*:\s*(?:(?<stringQuote>['"])(?<string>[^'"]{1,20})\k<stringQuote>|(?<flag>True|False)|\((?<tuple>(?:\s*\d+L?\s*,)*\s*(?:\d+L?\s*)?)\))\s*(?<end>,\s*\}|,|\})/y;

/** The entries of a header, and what each must be. */
const entryKinds: ReadonlyMap<string | undefined, string> = new Map([
  ['descr', 'string'],
  ['fortran_order', 'flag'],
  ['shape', 'tuple'],
]);

/** The entries of a dictionary by their keys; undefined where one is unknown, there twice, or of another kind. */
function parseEntries(text: string): ReadonlyMap<string, string> | undefined {
  const entries = new Map<string, string>();
  const dictionary = text.trim();
  entryPattern.lastIndex = 1;
  for (;;) {
    const { key = '', end, ...values } = entryPattern.exec(dictionary)?.groups ?? {};
    const value = values[entryKinds.get(key) ?? ''];
    if (value === undefined || entries.has(key)) return undefined;
    entries.set(key, value);
    if (end !== ',') return entryPattern.lastIndex === dictionary.length ? entries : undefined;
  }
}

const elementPattern = /^(?<order>[<>|=]?)(?<kind>[buif])(?<bytes>[1248])$/;

/** What readers there are for; the byte order says nothing where an element has one byte. */
function parseElementType(type: string): ElementType | undefined {
  const groups = elementPattern.exec(type)?.groups;
  const kind = groups?.['kind'] as ElementType['kind'] | undefined;
  if (groups === undefined || kind === undefined) return undefined;
  const bytes = Number(groups['bytes']);
  const isReadable = kind === 'b' ? bytes === 1 : kind !== 'f' || bytes >= 2;
  return isReadable ? { kind, bytes, littleEndian: groups['order'] !== '>' } : undefined;
}

/**
 * Reads the header of a .npy file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) from its
 * first bytes. Arrays of objects, which would have to be unpickled, have no element type.
 *
 * @throws CompoundSearchError DATASET_INVALID
 */
export function parseNpyHeader(file: string, bytes: Buffer): NpyHeader {
  const { text, end } = readDictionary(file, bytes);
  const entries = parseEntries(text);
  if (entries?.size !== entryKinds.size) {
    throw fault(file, 'its header does not have the element type, the order and the shape of one array of numbers');
  }
  const { descr = '', fortran_order: order, shape = '' } = Object.fromEntries(entries);
  return {
    type: descr,
    element: parseElementType(descr),
    shape: Array.from(shape.matchAll(/\d+/g), ([digits]) => Number(digits)),
    fortranOrder: order === 'True',
    length: end,
  };
}

/** The bytes of an array after its header. @throws CompoundSearchError DATASET_INVALID where bytes are missing or left over. */
export function npyElements(file: string, { shape, element, length }: NpyHeader, bytes: Buffer): Buffer {
  const expected = shape.reduce((product, dimension) => product * dimension, element?.bytes ?? 1);
  const found = bytes.length - length;
  if (found === expected) return bytes.subarray(length);
  const message = `${file}: its shape (${shape.join(', ')}) takes ${expected} bytes, but ${found} follow the header.`;
  throw datasetFault(file, message, { remedy });
}

/** Reads the number at an index of the elements. */
export type ReadElement = (index: number) => number;

/** A 64-bit integer of two halves; exact up to 2^53, which is more than any label or pixel. */
function wholeOf(view: DataView, at: number, { kind, littleEndian }: ElementType): number {
  const [highAt, lowAt] = littleEndian ? [at + 4, at] : [at, at + 4];
  const high = kind === 'i' ? view.getInt32(highAt, littleEndian) : view.getUint32(highAt, littleEndian);
  return high * 2 ** 32 + view.getUint32(lowAt, littleEndian);
}

/** A float of 16 bits (IEEE 754 binary16): a sign, 5 bits of exponent, 10 of the fraction. */
function halfOf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** The reader of an element type. */
export function elementReader(type: ElementType, elements: Buffer): ReadElement {
  const view = new DataView(elements.buffer, elements.byteOffset, elements.byteLength);
  const { kind, bytes, littleEndian } = type;
  const readers: Readonly<Record<string, ReadElement>> = {
    b1: (index) => (view.getUint8(index) === 0 ? 0 : 1),
    u1: (index) => view.getUint8(index),
    i1: (index) => view.getInt8(index),
    u2: (index) => view.getUint16(index * 2, littleEndian),
    i2: (index) => view.getInt16(index * 2, littleEndian),
    u4: (index) => view.getUint32(index * 4, littleEndian),
    i4: (index) => view.getInt32(index * 4, littleEndian),
    u8: (index) => wholeOf(view, index * 8, type),
    i8: (index) => wholeOf(view, index * 8, type),
    f2: (index) => halfOf(view.getUint16(index * 2, littleEndian)),
    f4: (index) => view.getFloat32(index * 4, littleEndian),
    f8: (index) => view.getFloat64(index * 8, littleEndian),
  };
  const reader = readers[kind + String(bytes)];
  if (reader === undefined) throw new RangeError(`There is no reader of ${kind}${bytes}.`);
  return reader;
}
