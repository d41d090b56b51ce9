import { CompoundSearchError } from '@compound-search/contracts';
import { withoutCredentials } from '@compound-search/sdk';

import type { Environment } from '../env.ts';
import { defaultDataFolder } from './repository.ts';
import { findLocalService } from './service-record.ts';

/** Where a service listens unless something else is said. */
export const defaultUrl = 'http://127.0.0.1:3210';

/** The data folder of this run: the option, else the environment, else the repository's own. */
export function chooseDataFolder(environment: Environment, option?: string): string {
  return option ?? environment.COMPOUND_SEARCH_DATA ?? defaultDataFolder;
}

/**
 * The service to speak to: the option, else the environment, else the one that runs on the data folder, else the default.
 *
 * @throws CompoundSearchError VALIDATION_FAILED where the option is no URL.
 */
export function chooseServiceUrl(environment: Environment, option?: string): string {
  if (option !== undefined && !/^https?:\/\/./.test(option)) {
    throw new CompoundSearchError('VALIDATION_FAILED', 'The service URL cannot be used', {
      field: '--url',
      value: withoutCredentials(option),
      remedy: `Give a URL such as ${defaultUrl}.`,
    });
  }
  return option ?? environment.COMPOUND_SEARCH_URL ?? findLocalService(chooseDataFolder(environment)) ?? defaultUrl;
}
