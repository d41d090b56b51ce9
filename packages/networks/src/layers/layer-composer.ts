import { perAxis } from '../description/extent.ts';
import type { Extent } from '../description/stage-schema.ts';
import type { ActivationFunction, FeatureShape, LayerOperation } from './layer.ts';
import { outputShape } from './operation.ts';
import { samePadding } from './operation-shape.ts';

/** A layer whose inputs are positions: 0 is the input of the whole sequence, i is the i-th layer of it. */
export interface SequenceLayer {
  readonly name: string;
  readonly operation: LayerOperation;
  readonly inputs: readonly number[];
  readonly inputShapes: readonly FeatureShape[];
  readonly outputShape: FeatureShape;
}

/** What all convolutions of a network share. */
export interface ConvolutionDefaults {
  readonly normalization: { readonly momentum: number; readonly epsilon: number };
  readonly bias: boolean;
}

/** A convolution with its batch normalization and activation; without `filters` it is depthwise. */
export interface ConvolutionUnit {
  readonly name: string;
  readonly kernel: Extent;
  readonly stride?: Extent;
  /** Zeros on each side, of a convolution that has filters. @defaultValue SAME */
  readonly padding?: Extent | undefined;
  readonly filters?: number;
  readonly activation?: ActivationFunction;
  readonly bias?: boolean;
  readonly input?: number;
}

/** Collects the layers of a block in order, with the shapes that follow from its input. */
export class LayerComposer {
  readonly layers: SequenceLayer[] = [];
  readonly #input: FeatureShape;
  readonly #defaults: ConvolutionDefaults;

  constructor(input: FeatureShape, defaults: ConvolutionDefaults) {
    this.#input = input;
    this.#defaults = defaults;
  }

  /** Position of the layer added last. */
  get last(): number {
    return this.layers.length;
  }

  shapeAt(position: number): FeatureShape {
    return position === 0 ? this.#input : (this.layers[position - 1]?.outputShape ?? this.#input);
  }

  /** Adds a layer on the last one, or on `inputs`, and returns its position. */
  add(name: string, operation: LayerOperation, inputs: readonly number[] = [this.last]): number {
    const inputShapes = inputs.map((position) => this.shapeAt(position));
    const first = inputShapes[0] ?? this.#input;
    this.layers.push({ name, operation, inputs, inputShapes, outputShape: outputShape(operation, first) });
    return this.last;
  }

  /** Adds convolution, batch normalization and, where given, activation; returns the position of the last of them. */
  convolution(unit: ConvolutionUnit): number {
    const input = unit.input ?? this.last;
    const axes = this.shapeAt(input).spatial.length;
    const geometry = { kernel: perAxis(unit.kernel, axes), strides: perAxis(unit.stride ?? 1, axes) };
    const bias = unit.bias ?? this.#defaults.bias;
    const padding = this.#ownPadding(unit, input);
    const operation: LayerOperation =
      unit.filters === undefined
        ? { kind: 'depthwise-convolution', ...geometry, bias }
        : { kind: 'convolution', ...geometry, filters: unit.filters, bias, ...(padding && { padding }) };
    this.add(`${unit.name}/convolution`, operation, [input]);
    this.add(`${unit.name}/normalization`, { kind: 'batch-normalization', ...this.#defaults.normalization });
    if (unit.activation !== undefined) this.activation(unit.name, unit.activation);
    return this.last;
  }

  /** The unit's padding, or nothing where it is what SAME gives: the two are one network, with one fingerprint. */
  #ownPadding({ kernel, stride = 1, padding }: ConvolutionUnit, input: number): readonly number[] | undefined {
    if (padding === undefined) return undefined;
    const { spatial } = this.shapeAt(input);
    const [kernels, strides, zeros] = [kernel, stride, padding].map((extent) => perAxis(extent, spatial.length));
    const isSame = spatial.every((size, axis) => {
      const { before, after } = samePadding(size, kernels?.[axis] ?? 1, strides?.[axis] ?? 1);
      return before === zeros?.[axis] && after === before;
    });
    return isSame ? undefined : zeros;
  }

  /** Adds an activation, or nothing if it is linear. */
  activation(name: string, activation: ActivationFunction): number {
    if (activation === 'linear') return this.last;
    return this.add(`${name}/activation`, { kind: 'activation', function: activation });
  }
}
