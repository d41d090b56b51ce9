/** A signal ended a command before its job was done; the message says what becomes of the job. */
export class InterruptedError extends Error {
  constructor(message = 'Interrupted.') {
    super(message);
    this.name = 'InterruptedError';
  }
}
