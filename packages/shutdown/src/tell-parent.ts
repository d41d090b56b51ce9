/**
 * Tells the process that has started this one, where it still listens. One that has just gone is no fault of this process,
 * which its end will close; without a callback the failed write would end it at once, as an error that nothing handles.
 */
export function tellParent(message: object | string): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
