interface Format {
  readonly name: string;
  readonly matches: (bytes: Buffer) => boolean;
}

function text(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}

/** What can be decoded, by the first bytes. */
const readable: readonly Format[] = [
  { name: 'PNG', matches: (bytes) => text(bytes, 0, 8) === '\u0089PNG\r\n\u001a\n' },
  { name: 'JPEG', matches: (bytes) => text(bytes, 0, 3) === '\u00ff\u00d8\u00ff' },
  { name: 'WebP', matches: (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP' },
  { name: 'GIF', matches: (bytes) => /^GIF8[79]a/.test(text(bytes, 0, 6)) },
  { name: 'TIFF', matches: (bytes) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(bytes, 0, 4)) },
];

/** What people have as well, and must convert. */
const convertible: readonly Format[] = [
  { name: 'BMP', matches: (bytes) => text(bytes, 0, 2) === 'BM' },
  { name: 'HEIC or AVIF', matches: (bytes) => text(bytes, 4, 8) === 'ftyp' },
];

/** Bytes from the beginning of a file that tell whether it is an image. */
export const signatureBytes = 12;

const readableNames = 'PNG, JPEG, WebP, GIF or TIFF';

/**
 * The format of an image file, by how it starts and whatever its name.
 *
 * @throws Error for a file that is empty or in no format that can be decoded.
 */
export function requireImageFormat(bytes: Buffer): string {
  if (bytes.length === 0) throw new Error('it is empty');
  const format = readable.find(({ matches }) => matches(bytes));
  if (format !== undefined) return format.name;
  const other = convertible.find(({ matches }) => matches(bytes));
  const found =
    other === undefined ? `it is no ${readableNames} file` : `it is a ${other.name} file: convert it to PNG`;
  throw new Error(found);
}
