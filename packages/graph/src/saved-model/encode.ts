import type { Attribute } from '../graph/attribute.ts';
import { dtypeNumbers } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { Operation, Tensor } from '../graph/operation.ts';
import { savedModelMessage } from './schema.ts';
import { encodeShape, encodeTensor } from './tensor-proto.ts';

/** One entry point of a SavedModel: what is fed and what is fetched, by name. */
export interface Signature {
  /** Placeholders, usually; any tensor can be fed. */
  readonly inputs?: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** What a SavedModel offers to its user. */
export interface SavedModelOptions {
  /** Entry points by name; they share the graph's variables. */
  readonly signatures: Readonly<Record<string, Signature>>;
  /** Runs once when the model is loaded: it gives the variables their first values. */
  readonly initialize?: Operation;
  /** @defaultValue ['serve'] */
  readonly tags?: readonly string[];
}

// The loader looks for the operation under this name, among the signatures and inside that signature.
const initializeKey = '__saved_model_init_op';
// The graph version of TensorFlow 2.9: every operation here is older, and every later release reads it.
const graphVersion = { producer: 1087, minConsumer: 12 };

/**
 * A graph as the bytes of TensorFlow's `saved_model.pb`. The same graph gives the same bytes.
 * @throws GraphError where a signature is empty, has a reserved name, or names a tensor of another graph.
 */
export function encodeSavedModel(graph: Graph, options: SavedModelOptions): Uint8Array {
  const signatureDef: Record<string, object> = {};
  for (const [name, signature] of sorted(options.signatures))
    signatureDef[name] = encodeSignature(graph, name, signature);
  if (options.initialize !== undefined) signatureDef[initializeKey] = initializeSignature(graph, options.initialize);
  return savedModelMessage
    .encode({
      savedModelSchemaVersion: 1,
      metaGraphs: [
        {
          metaInfoDef: { tags: options.tags ?? ['serve'] },
          graphDef: { node: graph.operations.map(encodeNode), versions: graphVersion },
          signatureDef,
        },
      ],
    })
    .finish();
}

function encodeNode(operation: Operation): object {
  return {
    name: operation.name,
    op: operation.type,
    input: [
      ...operation.inputs.map(({ node, index }) => (index === 0 ? node.name : `${node.name}:${index}`)),
      ...operation.controlInputs.map(({ name }) => `^${name}`).sort(),
    ],
    ...(operation.device === undefined ? {} : { device: operation.device }),
    attr: Object.fromEntries(sorted(operation.attributes).map(([name, value]) => [name, encodeAttribute(value)])),
  };
}

// One encoder per kind of attribute; the kind is the attribute's only key.
function encodeAttribute(attribute: Attribute): object {
  if ('type' in attribute) return { type: dtypeNumbers[attribute.type] };
  if ('int' in attribute) return { i: attribute.int };
  if ('bool' in attribute) return { b: attribute.bool };
  if ('float' in attribute) return { f: attribute.float };
  if ('string' in attribute) return { s: Buffer.from(attribute.string) };
  if ('shape' in attribute) return { shape: encodeShape(attribute.shape) };
  if ('tensor' in attribute) return { tensor: encodeTensor(attribute.tensor) };
  if ('ints' in attribute) return { list: { i: attribute.ints } };
  return { list: { type: attribute.types.map((type) => dtypeNumbers[type]) } };
}

function encodeSignature(graph: Graph, name: string, signature: Signature): object {
  if (name === '' || name === initializeKey) {
    throw new GraphError('SavedModel', `"${name}" cannot be the name of a signature`);
  }
  if (Object.keys(signature.outputs).length === 0) {
    throw new GraphError('SavedModel', `signature ${name} has no outputs, so that nothing would run`);
  }
  return {
    inputs: encodeTensors(graph, signature.inputs ?? {}),
    outputs: encodeTensors(graph, signature.outputs),
    methodName: 'tensorflow/serving/predict',
  };
}

function encodeTensors(graph: Graph, tensors: Readonly<Record<string, Tensor>>): object {
  const infos = sorted(tensors).map(([name, { graph: owner, node, index, dtype, shape }]) => {
    if (owner !== graph) throw new GraphError('SavedModel', `${name} (${node.name}) belongs to another graph`);
    return [
      name,
      { name: `${node.name}:${index}`, dtype: dtypeNumbers[dtype], tensorShape: encodeShape(shape) },
    ] as const;
  });
  return Object.fromEntries(infos);
}

function initializeSignature(graph: Graph, operation: Operation): object {
  if (operation.graph !== graph) throw new GraphError('SavedModel', `${operation.name} belongs to another graph`);
  return { outputs: { [initializeKey]: { name: operation.name } } };
}

function sorted<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
