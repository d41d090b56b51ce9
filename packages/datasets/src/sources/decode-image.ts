import sharp from 'sharp';

import type { ImageShape } from '../dataset.ts';

const signatures: readonly ((bytes: Buffer) => boolean)[] = [
  (bytes) => bytes.subarray(0, 8).equals(Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)),
  (bytes) => bytes.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff)),
  (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
];

/** Bytes from the beginning of a file that tell whether it is an image. */
export const signatureBytes = 12;

/** Checks that bytes start as a PNG, JPEG or WebP file does, whatever the name of the file. @throws Error */
export function requireImage(bytes: Buffer): void {
  if (bytes.length === 0) throw new Error('it is empty');
  if (!signatures.some((matches) => matches(bytes))) throw new Error('it is no PNG, JPEG or WebP file');
}

/** Versions of all that decides on the bytes of a decoded image. */
export const decoderVersion = JSON.stringify([sharp.versions.sharp, sharp.versions.vips]);

// One image a thread: as many images are decoded at once as there are threads, each without threads of its own.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Decodes a PNG, JPEG or WebP file to bytes of the shape, in libvips on a thread of Node's pool.
 *
 * Turned upright by its EXIF orientation; scaled with the aspect ratio kept until the shorter side fits, and cut to the
 * middle; what is transparent becomes white; 16 bits become 8, any colour space sRGB, or its luminance for one channel.
 * Of an animation the first frame is taken.
 *
 * @throws Error of the decoder for a file that is cut or damaged.
 */
export async function decodeImage(bytes: Buffer, { height, width, channels }: ImageShape): Promise<Buffer> {
  requireImage(bytes);
  const upright = sharp(bytes, { failOn: 'warning' })
    .autoOrient()
    // Shrinking while a JPEG is read is faster, but gives other pixels than scaling what was read.
    .resize({ width, height, fit: 'cover', position: 'centre', fastShrinkOnLoad: false })
    .flatten({ background: 'white' });
  const coloured = channels === 1 ? upright.greyscale().toColourspace('b-w') : upright.toColourspace('srgb');
  const pixels = await coloured.raw({ depth: 'uchar' }).toBuffer();
  const expected = height * width * channels;
  if (pixels.length !== expected) throw new Error(`it gives ${pixels.length} bytes instead of ${expected}`);
  return pixels;
}
