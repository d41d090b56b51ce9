/**
 * The machine's side of the service: a real PostgreSQL and a real Valkey started locally, and the native TensorFlow
 * library fetched and linked. Only the command line imports it, and tests that need the real services.
 */
export { type DataFolder, lockDataFolder } from './data-folder.ts';
export { diagnose, type DoctorReport, type FoundProgram, type FoundTensorflow, type Missing } from './doctor.ts';
export { type EmbeddedOptions, type EmbeddedServices, startEmbeddedServices } from './services/embedded-services.ts';
export { type ServiceEvent, type ServiceName, type ServiceState } from './services/event.ts';
export { startPostgres } from './services/postgres.ts';
export { startValkey } from './services/valkey.ts';
export { type LoadedLibrary, type ProbeOutcome } from './tensorflow/probe-library.ts';
