/**
 * A real PostgreSQL and a real Valkey started locally, on a data folder that one process owns. Only the command line and
 * the set-up import it, and tests that need the real services.
 */
export { type DataFolder, lockDataFolder } from './data-folder.ts';
export type { RunningService, ServiceEvent, ServiceName, ServiceOptions, ServiceState } from './event.ts';
export { type LocalServices, type LocalServicesOptions, startLocalServices } from './local-services.ts';
export { startPostgres } from './postgres.ts';
export { findPostgres, type FoundProgram, postgresBinaries } from './postgres-binaries.ts';
export { startValkey } from './valkey.ts';
export { ensureValkey, valkeyBinary } from './valkey-binary.ts';
export { valkeyVersion } from './valkey-wheels.ts';
