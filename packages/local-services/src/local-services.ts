import { lockDataFolder } from './data-folder.ts';
import { type ServiceEvent } from './event.ts';
import { startPostgres } from './postgres.ts';
import { startValkey } from './valkey.ts';

/** Where the services keep their data and whom they tell of their life. */
export interface LocalServicesOptions {
  /** Created where it does not exist; one process at a time owns it. */
  readonly dataFolder: string;
  readonly onEvent?: (event: ServiceEvent) => void;
}

/** A PostgreSQL and a Valkey of this process. */
export interface LocalServices {
  /** PostgreSQL connection URL, with a superuser's password. */
  readonly databaseUrl: string;
  /** Redis connection URL, with the password. */
  readonly redisUrl: string;
  /** Ends both in an orderly way and gives the data folder up; the data stays. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a real PostgreSQL and a real Valkey on a data folder, and takes over what a killed owner left behind there.
 * @throws CompoundSearchError `DATA_FOLDER_IN_USE`, `DATA_FOLDER_INVALID`, `SERVICE_START_FAILED`,
 * `PLATFORM_UNSUPPORTED`; nothing runs then.
 */
export async function startLocalServices(options: LocalServicesOptions): Promise<LocalServices> {
  const owned = lockDataFolder(options.dataFolder);
  const serviceOptions = { ...options, dataFolder: owned.folder };
  const starts = await Promise.allSettled([startPostgres(serviceOptions), startValkey(serviceOptions)]);
  const stop = async (): Promise<void> => {
    try {
      const running = starts.filter((start) => start.status === 'fulfilled');
      await Promise.all(running.map((start) => start.value.stop()));
    } finally {
      owned.release();
    }
  };
  const [postgres, valkey] = starts;
  if (postgres.status === 'fulfilled' && valkey.status === 'fulfilled') {
    return { databaseUrl: postgres.value.url, redisUrl: valkey.value.url, stop };
  }
  await stop();
  throw postgres.status === 'rejected' ? postgres.reason : (valkey as PromiseRejectedResult).reason;
}
