import { CompoundSearchError } from '@compound-search/contracts';

import { requireRelativePath } from '../data-root.ts';
import { datasetFault, quoted } from '../dataset-fault.ts';
import { cifarSources } from './cifar-source.ts';
import { idxSource } from './idx/idx-source.ts';
import { folderSource } from './image-folder/folder-source.ts';
import { npzSource } from './numpy/npz-source.ts';
import type { DatasetSource } from './source.ts';

/** Every format of data sets in files. */
export const datasetSources: readonly DatasetSource[] = [idxSource, ...cifarSources, folderSource, npzSource];

/** The parts of a name such as `folder:flowers?size=32&channels=1`. */
export interface SourceName {
  readonly source: DatasetSource;
  readonly path: string;
  readonly options: ReadonlyMap<string, string>;
}

function parseOptions(dataset: string, { optionNames }: DatasetSource, query: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const option of query.split('&')) {
    const [name = '', ...value] = option.split('=');
    if (!optionNames.includes(name) || value.length !== 1 || options.has(name)) {
      throw datasetFault(dataset, `${quoted(dataset)} has an option that cannot be used: ${quoted(option)}.`, {
        remedy: `Give each of these at most once, with a value: ${optionNames.join(', ')}.`,
      });
    }
    options.set(name, value.join());
  }
  return options;
}

/** Where the options begin, if there are any: a path may hold a question mark, too. */
function optionsMark({ optionNames }: DatasetSource, rest: string): number {
  const mark = rest.lastIndexOf('?');
  return optionNames.length > 0 && rest.slice(mark + 1).includes('=') ? mark : -1;
}

/**
 * Reads the name of a data set in files; undefined for one that has no known prefix.
 *
 * @throws CompoundSearchError DATASET_INVALID for a path or an option that cannot be used.
 */
export function parseSourceName(dataset: string): SourceName | undefined {
  const colon = dataset.indexOf(':');
  const source = datasetSources.find(({ prefix }) => prefix === dataset.slice(0, Math.max(colon, 0)));
  if (source === undefined) return undefined;
  const rest = dataset.slice(colon + 1);
  const mark = optionsMark(source, rest);
  const path = requireRelativePath(dataset, mark < 0 ? rest : rest.slice(0, mark));
  const options = mark < 0 ? new Map<string, string>() : parseOptions(dataset, source, rest.slice(mark + 1));
  return { source, path, options };
}

/** The same error with the name that the search gave as the value of its field. */
export function asFaultOf(dataset: string, error: unknown): unknown {
  if (!(error instanceof CompoundSearchError)) return error;
  return new CompoundSearchError(error.code, error.message, {
    field: 'dataset',
    value: dataset,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    cause: error.cause,
  });
}
