/** A value that Python has a literal for: arrays become tuples. */
export type PythonValue = number | string | boolean | null | readonly PythonValue[] | PythonExpression;

/** Python that stands for itself. */
export interface PythonExpression {
  readonly expression: string;
}

function isTuple(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value);
}

export function literal(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (!isTuple(value)) return value.expression;
  return value.length === 1 ? `(${value.map(literal).join()},)` : `(${value.map(literal).join(', ')})`;
}

/** A call with keywords, one a line. */
export function call(name: string, keywords: Readonly<Record<string, PythonValue>>): string {
  const lines = Object.entries(keywords).map(([keyword, value]) => `    ${keyword}=${literal(value)},`);
  return [`${name}(`, ...lines, ')'].join('\n');
}
