import { createRequire } from 'node:module';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';

export type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';

/**
 * Loads the native addon of @tensorflow/tfjs-node-gpu itself, without the JavaScript around it: a training runs whole
 * graphs, which needs five functions of the addon, and the rest of TensorFlow.js would cost each trial most of a second.
 *
 * @throws CompoundSearchError TENSORFLOW_UNAVAILABLE
 */
export function loadAddon(): TFJSBinding {
  const require = createRequire(import.meta.url);
  try {
    const folder = path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
    return require(path.join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')) as TFJSBinding;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CompoundSearchError('TENSORFLOW_UNAVAILABLE', `Native TensorFlow cannot be loaded: ${reason}`, {
      remedy: 'Run "npm run setup", and "npm run compound-search -- doctor" to see what is missing.',
      cause,
    });
  }
}
