/** A rerun did all that was asked and came to another result, which its exit code tells from a command that failed. */
export class DifferenceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DifferenceError';
  }
}
