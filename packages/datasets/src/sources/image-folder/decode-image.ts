import sharp from 'sharp';

import type { ImageShape } from '../../dataset.ts';
import { requireImageFormat } from './image-format.ts';
import { mendJpegHeader } from './jpeg-header.ts';

/** Versions of all that decides on the bytes of a decoded image. */
export const decoderVersion = JSON.stringify([sharp.versions.sharp, sharp.versions.vips]);

// One image a thread: as many images are decoded at once as there are threads, each without threads of its own.
sharp.concurrency(1);
sharp.cache(false);

/** Samples that become bytes in one way only; what floats from a microscope or a satellite mean cannot be told. */
const sampleTypes: ReadonlySet<string | undefined> = new Set(['uchar', 'ushort']);

async function requireSamples(bytes: Buffer): Promise<void> {
  const { depth } = await sharp(bytes).metadata();
  if (!sampleTypes.has(depth)) throw new Error(`its samples are of type ${depth}, not integers of 8 or 16 bits`);
}

async function decode(bytes: Buffer, { height, width, channels }: ImageShape): Promise<Buffer> {
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

/**
 * Decodes a PNG, JPEG, WebP, GIF or TIFF file to bytes of the shape, in libvips on a thread of Node's pool.
 *
 * Turned upright by its EXIF orientation; scaled with the aspect ratio kept until the shorter side fits, and cut to the
 * middle; what is transparent becomes white; 16 bits become 8, any colour space sRGB, or its luminance for one channel.
 * Of an animation, or of a file of several pages, the first is taken.
 *
 * @throws Error of the decoder for a file that is cut or damaged.
 */
export async function decodeImage(bytes: Buffer, shape: ImageShape): Promise<Buffer> {
  const format = requireImageFormat(bytes);
  if (format === 'TIFF') await requireSamples(bytes);
  try {
    return await decode(bytes, shape);
  } catch (error) {
    // A warning is an error, since decoders only warn of what is damaged; but of two faults no pixel depends on.
    const mended = mendJpegHeader(bytes);
    if (mended === undefined) throw error;
    return decode(mended, shape);
  }
}
