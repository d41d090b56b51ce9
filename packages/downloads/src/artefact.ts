/**
 * One wheel of the Python package index, pinned to the byte. A wheel is a zip archive; nothing of it is installed
 * into Python. Naming the platform makes the choice independent of the Python that fetches it.
 */
export interface Artefact {
  readonly distribution: string;
  readonly version: string;
  /** Platform tag of the wheel, e.g. `manylinux_2_27_x86_64`. */
  readonly platformTag: string;
  /** Size in bytes, for the progress bar; integrity is the hash's business. */
  readonly bytes: number;
  /** SHA-256 of the wheel in lower-case hexadecimal. */
  readonly sha256: string;
}
