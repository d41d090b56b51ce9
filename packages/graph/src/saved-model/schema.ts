import protobuf from 'protobufjs/light.js';

interface FieldDescriptor {
  readonly id: number;
  readonly type: string;
  readonly rule?: 'repeated';
  readonly keyType?: string;
}

interface MessageDescriptor {
  readonly fields: Record<string, FieldDescriptor>;
  readonly oneofs?: Record<string, { oneof: string[] }>;
}

function field(id: number, type: string): FieldDescriptor {
  return { id, type };
}
function repeated(id: number, type: string): FieldDescriptor {
  return { id, type, rule: 'repeated' };
}
function map(id: number, type: string): FieldDescriptor {
  return { id, type, keyType: 'string' };
}

/**
 * The messages of a SavedModel that are written, with field numbers from TensorFlow's .proto files (tensorflow/core:
 * framework/{attr_value,graph,node_def,tensor,tensor_shape,versions}.proto, protobuf/{meta_graph,saved_model}.proto).
 * Enumerations are written as int32, which has the same encoding.
 */
const messages: Readonly<Record<string, MessageDescriptor>> = {
  SavedModel: { fields: { savedModelSchemaVersion: field(1, 'int64'), metaGraphs: repeated(2, 'MetaGraphDef') } },
  MetaGraphDef: {
    fields: {
      metaInfoDef: field(1, 'MetaInfoDef'),
      graphDef: field(2, 'GraphDef'),
      signatureDef: map(5, 'SignatureDef'),
    },
  },
  MetaInfoDef: { fields: { tags: repeated(4, 'string') } },
  GraphDef: { fields: { node: repeated(1, 'NodeDef'), versions: field(4, 'VersionDef') } },
  VersionDef: { fields: { producer: field(1, 'int32'), minConsumer: field(2, 'int32') } },
  NodeDef: {
    fields: {
      name: field(1, 'string'),
      op: field(2, 'string'),
      input: repeated(3, 'string'),
      device: field(4, 'string'),
      attr: map(5, 'AttrValue'),
    },
  },
  AttrValue: {
    fields: {
      list: field(1, 'ListValue'),
      s: field(2, 'bytes'),
      i: field(3, 'int64'),
      f: field(4, 'float'),
      b: field(5, 'bool'),
      type: field(6, 'int32'),
      shape: field(7, 'TensorShapeProto'),
      tensor: field(8, 'TensorProto'),
    },
    // Without the oneof, false, 0 and the empty string would be left out as defaults.
    oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
  },
  ListValue: { fields: { s: repeated(2, 'bytes'), i: repeated(3, 'int64'), type: repeated(6, 'int32') } },
  TensorShapeProto: { fields: { dim: repeated(2, 'Dim') } },
  Dim: { fields: { size: field(1, 'int64') } },
  TensorProto: {
    fields: {
      dtype: field(1, 'int32'),
      tensorShape: field(2, 'TensorShapeProto'),
      tensorContent: field(4, 'bytes'),
      stringVal: repeated(8, 'bytes'),
      floatVal: repeated(5, 'float'),
      doubleVal: repeated(6, 'double'),
      intVal: repeated(7, 'int32'),
      int64Val: repeated(10, 'int64'),
      boolVal: repeated(11, 'bool'),
    },
  },
  SignatureDef: {
    fields: { inputs: map(1, 'TensorInfo'), outputs: map(2, 'TensorInfo'), methodName: field(3, 'string') },
  },
  TensorInfo: {
    fields: { name: field(1, 'string'), dtype: field(2, 'int32'), tensorShape: field(3, 'TensorShapeProto') },
  },
};

/** TensorFlow's message `SavedModel`, ready to encode. */
export const savedModelMessage = protobuf.Root.fromJSON({ nested: { ...messages } }).lookupType('SavedModel');
