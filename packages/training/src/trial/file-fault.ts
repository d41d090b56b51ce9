/** Whether the operating system refused to read or write a file: a full disk, a folder of another user, bad sectors. */
export function isFileFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
