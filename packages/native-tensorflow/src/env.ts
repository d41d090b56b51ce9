/** The one reader of the environment in this package. */

/** The C++ compiler that the user prefers (`CXX`), if any. */
export function preferredCompiler(): string | undefined {
  const compiler = process.env['CXX'];
  return compiler === '' ? undefined : compiler;
}
