/** The services that this package starts. */
export type ServiceName = 'postgres' | 'valkey';

/** What happens to a service, in the order in which it can happen. `ended` is an end that nobody asked for. */
export type ServiceState = 'recovering' | 'initialising' | 'starting' | 'ready' | 'stopping' | 'stopped' | 'ended';

/** One step in a service's life. */
export interface ServiceEvent {
  readonly service: ServiceName;
  readonly state: ServiceState;
  /** What a person might want to know of it. */
  readonly detail?: string;
}

/** Where a service keeps its data and whom it tells of its life. */
export interface ServiceOptions {
  /** Absolute path of a folder that this process owns, see `lockDataFolder`. */
  readonly dataFolder: string;
  /** The port to listen on, which clients know from the run before. @defaultValue one that the operating system chooses */
  readonly port?: number;
  /** How long it may take until it is ready. PostgreSQL first replays its log after a crash. @defaultValue 60,000 */
  readonly startMilliseconds?: number;
  readonly onEvent?: (event: ServiceEvent) => void;
}

/** A service that runs and answers. */
export interface RunningService {
  /** Where and with which password to reach it, on loopback. */
  readonly url: string;
  readonly pid: number;
  readonly port: number;
  /** Resolves when it has ended, asked to or not, with how: `signal SIGKILL`, or `exit code 1: ` and the fault that it wrote last. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends it in an orderly way; resolves when no process of it is left. */
  readonly stop: () => Promise<void>;
}
