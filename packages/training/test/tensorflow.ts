import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import util from 'node:util';

import { onTestFinished } from 'vitest';

// tfjs-node calls this function, which Node 23 removed (tensorflow/tfjs 8609).
if (!('isNullOrUndefined' in util)) {
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
}

/** TensorFlow.js on native TensorFlow, as those who take a model use it. */
export const { default: tf } = await import('@tensorflow/tfjs-node-gpu');

type Tensor = ReturnType<typeof tf.tensor>;

/** A model in the hands of stock TensorFlow.js. */
export interface LoadedModel {
  /** Inputs and outputs of each signature, as the reader of TensorFlow.js finds them. */
  readonly signatures: Readonly<Record<string, { readonly inputs: object; readonly outputs: object }>>;
  /** Probabilities [images][classes] of images of this shape, from their pixels of 0 to 255. */
  readonly probabilities: (pixels: Uint8Array, imageShape: readonly [number, number, number]) => Promise<number[][]>;
}

/** Loads the bytes of a saved_model.pb from a folder that holds nothing else; it is freed with the test. */
export async function loadModel(savedModel: Uint8Array): Promise<LoadedModel> {
  const folder = await mkdtemp(join(tmpdir(), 'compound-search-model-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'saved_model.pb'), savedModel);
  const [metaGraph] = await tf.node.getMetaGraphsFromSavedModel(folder);
  const model = await tf.node.loadSavedModel(folder);
  onTestFinished(() => {
    model.dispose();
  });
  return {
    signatures: metaGraph?.signatureDefs ?? {},
    probabilities: async (pixels, [height, width, channels]) => {
      const images = pixels.length / (height * width * channels);
      const image = tf.tensor4d(Float32Array.from(pixels), [images, height, width, channels]);
      const outputs = model.predict({ image }) as Record<string, Tensor>;
      const rows = (await outputs['probabilities']?.array()) as number[][];
      tf.dispose([image, outputs]);
      return rows;
    },
  };
}
