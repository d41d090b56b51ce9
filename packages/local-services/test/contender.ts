/** A program: tries to own a data folder, prints whether it does, and then waits to be ended. */
import { CompoundSearchError } from '@compound-search/contracts';

import { lockDataFolder } from '../src/data-folder.ts';

const [dataFolder = ''] = process.argv.slice(2);
try {
  lockDataFolder(dataFolder);
  console.log('owner');
} catch (error) {
  console.log(error instanceof CompoundSearchError ? error.code : error);
}
setInterval(() => undefined, 60_000);
