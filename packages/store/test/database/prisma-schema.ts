/** Reads what schema.prisma says of the tables, as far as the project's schema uses the language. */

export interface Column {
  readonly name: string;
  /** As PostgreSQL's format_type names it, without a length. */
  readonly type: string;
  readonly nullable: boolean;
  /** `now`, `sequence`, the label of an enum, a number, or null. */
  readonly defaultValue: string | null;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly table: string;
  readonly onDelete: string;
}

/** The primary key is one too. */
export interface Index {
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
  /** The labels that the condition of an index over some rows allows; null for one over all. */
  readonly labels: readonly string[] | null;
}

/** The quoted words of a condition, however PostgreSQL has rewritten it. */
export function labelsIn(condition: string | null | undefined): string[] | null {
  return condition == null ? null : Array.from(condition.matchAll(/'(\w+)'/g), ([, label = '']) => label);
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKey[];
}

export interface PrismaSchema {
  readonly tables: readonly Table[];
  readonly enums: readonly { readonly name: string; readonly labels: readonly string[] }[];
}

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly lines: readonly string[];
  readonly mappedName: string;
}

interface Field {
  readonly field: string;
  readonly type: string;
  readonly list: boolean;
  readonly optional: boolean;
  readonly attributes: string;
  readonly column: string;
}

const scalarTypes: Readonly<Record<string, string>> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Boolean: 'boolean',
  Json: 'jsonb',
  Bytes: 'bytea',
};

const nativeTypes: Readonly<Record<string, string>> = { Uuid: 'uuid', 'Timestamptz(3)': 'timestamp(3) with time zone' };

/** Names with commas between them; an index may say of each in which order it is. */
function listed(text: string): string[] {
  return text.split(',').map((part) => part.replace(/\(sort: \w+\)/, '').trim());
}

function blocksOf(schema: string): Block[] {
  return [...schema.matchAll(/^(model|enum) (\w+) \{\n(.*?)^\}/gms)].map(([, kind = '', name = '', body = '']) => {
    const lines = body
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('//'));
    return { kind, name, lines, mappedName: /^@@map\("(\w+)"\)$/m.exec(lines.join('\n'))?.[1] ?? name };
  });
}

function fieldOf(line: string): Field {
  const [, field = '', type = '', suffix = '', attributes = ''] = /^(\w+)\s+(\w+)(\[\]|\?)?\s*(.*)$/.exec(line) ?? [];
  if (field === '') throw new Error(`Not a field of a model: ${line}`);
  const column = /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? field;
  return { field, type, list: suffix === '[]', optional: suffix === '?', attributes, column };
}

function typeOf(field: Field, enums: ReadonlyMap<string, Block>): string {
  const native = /@db\.(\w+(?:\(\d+\))?)/.exec(field.attributes)?.[1];
  const type =
    native === undefined ? (enums.get(field.type)?.mappedName ?? scalarTypes[field.type]) : nativeTypes[native];
  if (type === undefined) throw new Error(`A type that this reader does not know: ${field.type} ${native ?? ''}`);
  return field.list ? `${type}[]` : type;
}

function defaultOf({ attributes }: Field): string | null {
  const generated = /@default\(dbgenerated\("([^"]+)"\)\)/.exec(attributes)?.[1];
  if (generated !== undefined) return generated;
  const value = /@default\("?(\w+|\{\})"?(?:\(\))?\)/.exec(attributes)?.[1] ?? null;
  return value === 'autoincrement' ? 'sequence' : value;
}

function tableOf(block: Block, models: ReadonlyMap<string, Block>, enums: ReadonlyMap<string, Block>): Table {
  const name = block.mappedName;
  const fields = block.lines.filter((line) => !line.startsWith('@@')).map(fieldOf);
  const scalars = fields.filter(({ type }) => !models.has(type));
  const columnsOf = (names: string): string[] =>
    listed(names).map((one) => scalars.find(({ field }) => field === one)?.column ?? `no field ${one}`);
  const indexOf = (kind: string, columns: string[], condition?: string, mapped?: string): Index => {
    const suffixes: Record<string, string> = { unique: '_key', index: '_idx', id: '_pkey' };
    const middle = kind === 'id' ? '' : `_${columns.join('_')}`;
    return {
      name: mapped ?? `${name}${middle}${suffixes[kind] ?? ''}`,
      unique: kind !== 'index',
      columns,
      labels: labelsIn(condition),
    };
  };
  return {
    name,
    columns: scalars.map((field) => ({
      name: field.column,
      type: typeOf(field, enums),
      // PostgreSQL lets a list be null unless told otherwise, and Prisma does not tell it.
      nullable: field.optional || field.list,
      defaultValue: defaultOf(field),
    })),
    indexes: [
      ...scalars
        .filter(({ attributes }) => /@(id|unique)\b/.test(attributes))
        .map((field) => indexOf(/@id\b/.test(field.attributes) ? 'id' : 'unique', [field.column])),
      ...[
        ...block.lines
          .join('\n')
          .matchAll(/^@@(id|unique|index)\(\[(.*?)\](?:, map: "(\w+)")?(?:, where: raw\("(.*?)"\))?\)$/gm),
      ].map(([, kind = '', names = '', mapped, condition]) => indexOf(kind, columnsOf(names), condition, mapped)),
    ],
    foreignKeys: fields.flatMap(({ type, optional, attributes }) => {
      const columns = columnsOf(/fields: \[(.*?)\]/.exec(attributes)?.[1] ?? '');
      const target = models.get(type);
      if (target === undefined || !attributes.includes('fields:')) return [];
      return {
        name: `${name}_${columns.join('_')}_fkey`,
        columns,
        table: target.mappedName,
        onDelete: onDeleteOf(attributes, optional),
      };
    }),
  };
}

/** As the attribute says, else Prisma's default. */
function onDeleteOf(attributes: string, optional: boolean): string {
  if (attributes.includes('onDelete: Cascade')) return 'CASCADE';
  return optional ? 'SET NULL' : 'RESTRICT';
}

export function readPrismaSchema(schema: string): PrismaSchema {
  const blocks = blocksOf(schema);
  const byName = (kind: string): Map<string, Block> =>
    new Map(blocks.filter((block) => block.kind === kind).map((block) => [block.name, block]));
  const models = byName('model');
  const enums = byName('enum');
  return {
    tables: [...models.values()].map((block) => tableOf(block, models, enums)),
    enums: [...enums.values()].map(({ mappedName, lines }) => ({
      name: mappedName,
      labels: lines.filter((line) => !line.startsWith('@@')),
    })),
  };
}
