/** A program that is busy while its parent goes, and tells it something then. */
import { tellParent } from '../src/index.ts';

process.once('message', () => {
  const busyUntil = performance.now() + 500;
  while (performance.now() < busyUntil);
  // The channel has been closed at its other end, which no event has told yet.
  console.log(process.connected ? 'connected' : 'disconnected');
  tellParent('late');
});
tellParent('ready');
