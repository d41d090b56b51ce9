/** One value for each part of a data set; `validation` only where its files bring a validation split of their own. */
export interface Parts<Value> {
  readonly train: Value;
  readonly validation: Value | undefined;
  readonly test: Value;
}

export type PartName = keyof Parts<unknown>;

/** Names of the parts as messages have them. */
export const partLabels: Readonly<Record<PartName, string>> = {
  train: 'training',
  validation: 'validation',
  test: 'test',
};

/** The parts that there are, in their order. */
export function listParts<Value>(parts: Parts<Value>): { readonly name: PartName; readonly value: Value }[] {
  return (['train', 'validation', 'test'] as const).flatMap((name) => {
    const value = parts[name];
    return value === undefined ? [] : [{ name, value }];
  });
}

/** The parts with each value replaced. */
export function mapParts<Value, Result>(
  { train, validation, test }: Parts<Value>,
  map: (value: Value, name: PartName) => Result,
): Parts<Result> {
  return {
    train: map(train, 'train'),
    validation: validation === undefined ? undefined : map(validation, 'validation'),
    test: map(test, 'test'),
  };
}

/** Reads the parts one after the other, so that the files of only one are in memory at a time. */
export async function readParts<Value, Result>(
  { train, validation, test }: Parts<Value>,
  read: (value: Value, name: PartName) => Promise<Result>,
): Promise<Parts<Result>> {
  return {
    train: await read(train, 'train'),
    validation: validation === undefined ? undefined : await read(validation, 'validation'),
    test: await read(test, 'test'),
  };
}

/** The parts of two that belong together, joined. */
export function joinParts<One, Other, Result>(
  ones: Parts<One>,
  others: Parts<Other>,
  join: (one: One, other: Other) => Result,
): Parts<Result> {
  return mapParts(ones, (one, name) => {
    const other = others[name];
    if (other === undefined) throw new RangeError(`There is no ${name} part to join.`);
    return join(one, other);
  });
}
