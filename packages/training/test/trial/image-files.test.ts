import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

import { drawShapes, findDataset, shapesImage } from '@compound-search/datasets';
import { buildNetwork, candidateArchitecture, findBaseline, fingerprint } from '@compound-search/networks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startTraining } from '../../src/index.ts';
import { shapesSpecification } from '../shapes-specification.ts';

function pngChunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** An 8 bit grey PNG file (https://www.w3.org/TR/png/). */
function png(pixels: Uint8Array, { height, width }: { height: number; width: number }): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const rows = Array.from({ length: height }, (_, row) =>
    Buffer.concat([Buffer.of(0), pixels.subarray(row * width, (row + 1) * width)]),
  );
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    pngChunk('IEND', Buffer.of()),
  ]);
}

describe('a trial on image files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-files-'));
    vi.stubEnv('COMPOUND_SEARCH_DATA_ROOT', join(folder, 'root'));
    vi.stubEnv('COMPOUND_SEARCH_CACHE_DIR', join(folder, 'cache'));
    const size = shapesImage.height * shapesImage.width;
    for (const part of [
      { name: 'train', count: 300 },
      { name: 'test', count: 40 },
    ]) {
      const { images, labels } = drawShapes({ seed: 5, stream: part.name, count: part.count });
      for (const [index, label] of labels.entries()) {
        const classFolder = join(folder, 'root/figures', part.name, `figure-${label}`);
        await mkdir(classFolder, { recursive: true });
        const pixels = images.subarray(index * size, (index + 1) * size);
        await writeFile(join(classFolder, `${index}.png`), png(pixels, shapesImage));
      }
    }
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  const train = async (dataset: string) => {
    const baseline = findBaseline('efficientnet-micro');
    const specification = shapesSpecification({
      dataset,
      split: { trainImages: 160, validationImages: 80, seed: 0 },
      recipe: { epochs: 1 },
    });
    const { image, classes } = await findDataset('folder:figures?size=20&channels=1', {
      dataRoot: join(folder, 'root'),
    });
    const { multipliers, recipe } = specification;
    const network = buildNetwork(
      candidateArchitecture({ baseline, multipliers, channels: image.channels, classes, recipe }),
    );
    const { ended } = startTraining(
      { ...specification, fingerprint: fingerprint(network) },
      { onEvent: () => undefined },
    );
    return ended;
  };

  it('decodes them beside TensorFlow in the training child, and repeats to the bit from the cache', async () => {
    const first = await train('folder:figures?size=20&channels=1');
    expect(first).toMatchObject({ type: 'completed' });
    const second = await train('folder:figures?size=20&channels=1');
    if (first.type !== 'completed' || second.type !== 'completed') throw new Error('A training did not complete');
    expect(second.result.weightsHash).toBe(first.result.weightsHash);
  });

  it('ends before its first step where an image is damaged, and names it', async () => {
    const broken = join(folder, 'root/figures/train/figure-3/0.png');
    await writeFile(broken, Buffer.from('89504e470d0a1a0a0000', 'hex'));
    const end = await train('folder:figures?size=20&channels=1');
    expect(end).toMatchObject({
      type: 'failed',
      failure: {
        code: 'DATASET_INVALID',
        message: expect.stringContaining('train/figure-3/0.png') as string,
        step: null,
      },
    });
  });
});
