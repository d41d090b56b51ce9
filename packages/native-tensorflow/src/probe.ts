/**
 * A program: loads the compiled addon named by its argument, and with it TensorFlow, multiplies two matrices and prints
 * what it saw as JSON. It is a process of its own because a library that does not fit the machine ends the process that
 * loads it, and because TensorFlow reads its environment only once.
 */
import { createRequire } from 'node:module';

/** The part of the addon that the probe uses. Tensors are known by numbers. */
interface Binding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  isUsingGpuDevice(): boolean;
  createTensor(shape: number[], dtype: number, values: Float32Array): number;
  executeOp(name: string, attributes: object[], inputs: number[], outputs: number): { id: number }[];
  tensorDataSync(tensor: number): Float32Array;
}

function multiply(addon: string): { version: string; isUsingGpu: boolean; product: number[] } {
  const binding = createRequire(import.meta.url)(addon) as Binding;
  const left = binding.createTensor([2, 2], binding.TF_FLOAT, Float32Array.of(1, 2, 3, 4));
  const right = binding.createTensor([2, 2], binding.TF_FLOAT, Float32Array.of(5, 6, 7, 8));
  const attributes = [
    { name: 'transpose_a', type: binding.TF_ATTR_BOOL, value: false },
    { name: 'transpose_b', type: binding.TF_ATTR_BOOL, value: false },
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
  ];
  const [product] = binding.executeOp('MatMul', attributes, [left, right], 1);
  const values = product ? [...binding.tensorDataSync(product.id)] : [];
  return { version: binding.TF_Version, isUsingGpu: binding.isUsingGpuDevice(), product: values };
}

try {
  const [addon = ''] = process.argv.slice(2);
  console.log(JSON.stringify(multiply(addon)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
