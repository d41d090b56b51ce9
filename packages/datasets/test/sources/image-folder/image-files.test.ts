import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { findDataset, loadDataset } from '../../../src/index.ts';
import { flatImage, imageFiles, refusal, temporaryData } from '../../written-datasets.ts';
import { tiffFile } from '../../written-tiff.ts';

const side = 16;

/** The first training image of a data set that has these images before its others. */
async function decodeFirst(images: Record<string, Buffer>, options = `?size=${side}`): Promise<number[][]> {
  const { access, write } = await temporaryData();
  await write('set', { ...(await imageFiles('train/')), ...(await imageFiles('test/')) });
  await write('set/train/ash', Object.fromEntries(Object.entries(images).map(([name, file]) => [`-${name}`, file])));
  const { train, image } = await loadDataset(`folder:set${options}`, access);
  const size = image.height * image.width * image.channels;
  return Object.keys(images).map((_, index) => [...train.images.subarray(index * size, (index + 1) * size)]);
}

async function refuseImage(name: string, image: Buffer) {
  const { access, write } = await temporaryData();
  await write('set', { ...(await imageFiles()), [`ash/${name}`]: image });
  return refusal('folder:set?size=8', loadDataset('folder:set?size=8', access));
}

/** Greys of the quarters of a square: upper left, upper right, lower left, lower right. */
const [a, b, c, d] = [20, 90, 160, 230] as const;
const quarters = [a, b, c, d] as const;

function quarteredSquare([first, second, third, fourth]: readonly number[]): number[] {
  return Array.from({ length: side * side }, (_, index) => {
    const isRight = index % side >= side / 2;
    if (index < (side * side) / 2) return (isRight ? second : first) ?? 0;
    return (isRight ? fourth : third) ?? 0;
  });
}

/** The quarters of an image once it is upright, by its orientation (EXIF 2.32, tag 0x0112). */
const orientations = [
  { orientation: 1, upright: [a, b, c, d] },
  { orientation: 2, upright: [b, a, d, c] },
  { orientation: 3, upright: [d, c, b, a] },
  { orientation: 4, upright: [c, d, a, b] },
  { orientation: 5, upright: [a, c, b, d] },
  { orientation: 6, upright: [c, a, d, b] },
  { orientation: 7, upright: [d, b, c, a] },
  { orientation: 8, upright: [b, d, a, c] },
];

function expectNear(pixels: readonly number[] | undefined, expected: readonly number[], tolerance: number): void {
  expect(pixels).toHaveLength(expected.length);
  const differences = expected.map((value, index) => Math.abs(value - (pixels?.[index] ?? Infinity)));
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
}

describe('an image that is not stored upright', () => {
  it.each(orientations)('is turned by orientation $orientation in every format', async ({ orientation, upright }) => {
    const raw = Uint8Array.from(quarteredSquare(quarters));
    const turned = sharp(raw, { raw: { width: side, height: side, channels: 1 } }).withMetadata({ orientation });
    const pixels = await decodeFirst(
      {
        '1.jpg': await turned.clone().jpeg({ quality: 100 }).toBuffer(),
        '2.png': await turned.clone().png().toBuffer(),
        '3.tif': tiffFile({ width: side, height: side, samplesPerPixel: 1, bits: 8, orientation }, raw),
        '4.webp': await turned.clone().webp({ lossless: true }).toBuffer(),
      },
      `?size=${side}&channels=1`,
    );
    const expected = quarteredSquare(upright);
    // The quarters are whole blocks of a JPEG, which keeps flat ones to the rounding.
    expectNear(pixels[0], expected, 1);
    expect(pixels[1]).toEqual(expected);
    expect(pixels[2]).toEqual(expected);
    expectNear(pixels[3], expected, 1);
  });
});

function flatPixels(colour: readonly number[]): number[] {
  return Array.from({ length: side * side }, () => colour).flat();
}
const raw = { width: side, height: side, channels: 3 } as const;

describe('an image of a format that people have', () => {
  it('may be TIFF of 8 and of 16 bits, grey or coloured, with tags of others', async () => {
    const orange = flatPixels([255, 128, 0]);
    const wide = Buffer.from(orange.flatMap((value) => [value, value]));
    const grey = Buffer.alloc(side * side, 77);
    const size = { width: side, height: side } as const;
    const [colour, deep, plain, tagged] = await decodeFirst({
      '1.tif': tiffFile({ ...size, samplesPerPixel: 3, bits: 8 }, Uint8Array.from(orange)),
      '2.tiff': tiffFile({ ...size, samplesPerPixel: 3, bits: 16 }, wide),
      '3.TIF': tiffFile({ ...size, samplesPerPixel: 1, bits: 8 }, grey),
      '4.tif': tiffFile({ ...size, samplesPerPixel: 1, bits: 8, privateTag: 65_001 }, grey),
    });
    expect(colour).toEqual(orange);
    expect(deep).toEqual(orange);
    expect(plain).toEqual(flatPixels([77, 77, 77]));
    expect(tagged).toEqual(plain);
  });

  it('may be an animation, of which the first frame is taken', async () => {
    const frame = (colour: readonly number[]): Promise<Buffer> =>
      sharp(Uint8Array.from(flatPixels(colour)), { raw })
        .png()
        .toBuffer();
    const frames = [await frame([255, 0, 0]), await frame([0, 0, 255])];
    const animation = sharp(frames, { join: { animated: true } });
    const [gif, webp] = await decodeFirst({
      '1.gif': await animation.clone().gif().toBuffer(),
      '2.webp': await animation.clone().webp({ lossless: true }).toBuffer(),
    });
    expect(gif).toEqual(flatPixels([255, 0, 0]));
    expect(webp).toEqual(flatPixels([255, 0, 0]));
  });

  it('may be a JPEG that is progressive, grey, or CMYK', async () => {
    const image = sharp(Uint8Array.from(flatPixels([200, 40, 90])), { raw });
    const [baseline = [], progressive = [], grey = [], cmyk = []] = await decodeFirst({
      '1.jpg': await image.clone().jpeg({ quality: 100 }).toBuffer(),
      '2.JPEG': await image.clone().jpeg({ quality: 100, progressive: true }).toBuffer(),
      '3.jpe': await image.clone().greyscale().jpeg({ quality: 100 }).toBuffer(),
      '4.jpg': await image.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
    });
    expectNear(baseline, flatPixels([200, 40, 90]), 2);
    expect(progressive).toEqual(baseline);
    expect(new Set(grey).size).toBe(1);
    // The way to CMYK and back goes through colour profiles.
    expectNear(cmyk, flatPixels([200, 40, 90]), 30);
  });
});

/** A JPEG, the left half blue and the right one yellow. */
async function twoColours(): Promise<Buffer> {
  const pixels = Array.from({ length: side * side }, (_, index) =>
    index % side < side / 2 ? [120, 60, 200] : [250, 200, 10],
  );
  const file = await sharp(Uint8Array.from(pixels.flat()), { raw }).jpeg({ quality: 95 }).toBuffer();
  // The segment of JFIF 1.01 (ITU-T T.871, 10.1), which this encoder leaves out, comes first.
  const jfif = Buffer.from('\u00ff\u00e0\0\u0010JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0', 'latin1');
  return Buffer.concat([file.subarray(0, 2), jfif, file.subarray(2)]);
}

/** A copy with other bytes from `at` on. */
function overwritten(file: Buffer, at: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(file);
  copy.set(bytes, at);
  return copy;
}

/** Where the three scan parameters of a JPEG lie: the last bytes of the header of its scan. */
function scanParameters(file: Buffer): number {
  const at = file.indexOf(Buffer.of(0xff, 0xda));
  return at + 2 + file.readUInt16BE(at + 2) - 3;
}

describe('a JPEG whose header has a fault on which no pixel depends', () => {
  it.each([
    {
      fault: 'a JFIF revision of 0.00',
      damage: (file: Buffer) => overwritten(file, file.indexOf('JFIF\0') + 5, [0, 0]),
    },
    {
      fault: 'the scan parameters of another process',
      damage: (file: Buffer) => overwritten(file, scanParameters(file), [0, 0, 0]),
    },
    {
      fault: 'both',
      damage: (file: Buffer) =>
        overwritten(overwritten(file, file.indexOf('JFIF\0') + 5, [0, 0]), scanParameters(file), [0, 0, 0]),
    },
  ])('is decoded as without it: $fault', async ({ damage }) => {
    const good = await twoColours();
    const [whole, mended] = await decodeFirst({ '1.jpg': good, '2.JPG': damage(good) });
    expect(mended).toEqual(whole);
  });

  it('stays refused where it is cut or overwritten as well, and where only its data is', async () => {
    const good = await sharp(
      Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7919) % 251),
      {
        raw: { width: 64, height: 64, channels: 3 },
      },
    )
      .jpeg({ quality: 95 })
      .toBuffer();
    const faulty = overwritten(good, scanParameters(good), [0, 0, 0]);
    const middle = Math.floor(good.length / 2);
    const damages = [good, faulty].flatMap((file) => [
      file.subarray(0, middle),
      file.subarray(0, file.length - 100),
      overwritten(file, middle, new Array<number>(60).fill(0xff)),
    ]);
    for (const damaged of damages) {
      expect((await refuseImage('damaged.jpg', damaged)).message).toContain('"set/ash/damaged.jpg" (');
    }
  });
});

describe('an image file that cannot be decoded', () => {
  it.each([
    ['photo.bmp', Buffer.from('BM, and the rest of a bitmap'), 'it is a BMP file: convert it to PNG'],
    ['photo.heic', Buffer.from('\0\0\0\u0018ftypheic, and more'), 'it is a HEIC or AVIF file: convert it to PNG'],
    ['photo.png', Buffer.from('BM, though its name says PNG'), 'it is a BMP file: convert it to PNG'],
    ['notes.txt', Buffer.from('no image at all'), 'it is no PNG, JPEG, WebP, GIF or TIFF file'],
    ['empty.gif', Buffer.of(), 'it is empty'],
  ])('is named with what it is: %s', async (name, file, reason) => {
    const { message, remedy } = await refuseImage(name, file);
    expect(message).toBe(`"set" has 1 files that are no usable images: "set/ash/${name}" (${reason}).`);
    expect(remedy).toContain('magick mogrify -format png *.bmp');
  });

  it('may be a TIFF of floats, whose black and white nobody knows', async () => {
    const samples = Buffer.from(Float32Array.from({ length: side * side }, (_, index) => index / 255).buffer);
    const file = tiffFile({ width: side, height: side, samplesPerPixel: 1, bits: 32, sampleFormat: 3 }, samples);
    const { message } = await refuseImage('scan.tif', file);
    expect(message).toContain('"set/ash/scan.tif" (its samples are of type float, not integers of 8 or 16 bits)');
  });

  it('is found by its first bytes before anything is decoded', async () => {
    const { access, write } = await temporaryData();
    await write('set', { ...(await imageFiles()), 'ash/x.png': await flatImage('png', [1, 2, 3]) });
    expect((await findDataset('folder:set?size=8', access)).trainingImages).toBe(13);
    await write('set', { 'ash/x.png': Buffer.from('BM') });
    expect((await refusal('folder:set?size=8', findDataset('folder:set?size=8', access))).message).toContain('BMP');
  });
});
