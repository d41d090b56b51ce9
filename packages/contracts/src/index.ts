/**
 * Schemas of everything that crosses a border (HTTP, queue, child process), trial and search states, and the error
 * catalogue. Every other package may import it; it imports none.
 */
export { CompoundSearchError, errorCatalogue, type ErrorCode, type ErrorDetails } from './errors.ts';
