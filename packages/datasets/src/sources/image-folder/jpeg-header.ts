/** Markers of ITU-T T.81, table B.1, by the byte after 0xff. */
const marker = { startOfImage: 0xd8, endOfImage: 0xd9, startOfScan: 0xda, applicationZero: 0xe0 } as const;

/** Frames of sequential JPEG: SOF0 baseline, SOF1 extended, SOF9 with arithmetic coding. */
const sequentialFrames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc9]);

/** Where the segment that begins with the marker at `at` ends; undefined where it does not lie within the bytes. */
function segmentEnd(bytes: Buffer, at: number): number | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff) return undefined;
  const end = at + 2 + bytes.readUInt16BE(at + 2);
  return end <= bytes.length ? end : undefined;
}

/** The next marker after the entropy-coded data from `from` on, in which 0xff is followed by 0 or a restart marker. */
function scanEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

/** JFIF's revision is 1.x; no decoder does anything else with it than to warn. */
function mendRevision(bytes: Buffer, at: number, end: number): void {
  if (end - at >= 11 && bytes.toString('latin1', at + 4, at + 9) === 'JFIF\0') bytes.writeUInt8(1, at + 9);
}

/** Spectral selection and approximation say something in progressive JPEG only; else they are 0, 63 and 0. */
function mendScan(bytes: Buffer, end: number): void {
  bytes.set([0, 63, 0], end - 3);
}

interface Segment {
  /** The byte of its marker. */
  readonly kind: number;
  /** Where the marker begins, and where the segment ends. */
  readonly at: number;
  readonly end: number;
}

/** The segments of a JPEG file, as far as they are those of one. */
function* segmentsOf(bytes: Buffer): Generator<Segment> {
  let at = 2;
  for (;;) {
    const end = segmentEnd(bytes, at);
    const kind = bytes[at + 1];
    if (end === undefined || kind === undefined || kind === marker.endOfImage) return;
    yield { kind, at, end };
    at = kind === marker.startOfScan ? scanEnd(bytes, end) : end;
  }
}

/**
 * A copy of a JPEG file with two notes of its headers as they should be, which some phones and old tools write wrongly
 * and on which no pixel depends: the revision of JFIF, and the scan parameters of a sequential JPEG. Undefined where
 * there is nothing to mend, or where the bytes are no JPEG.
 */
export function mendJpegHeader(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== marker.startOfImage) return undefined;
  const mended = Buffer.from(bytes);
  const segments = [...segmentsOf(mended)];
  const isSequential = segments.some(({ kind }) => sequentialFrames.has(kind));
  for (const { kind, at, end } of segments) {
    if (kind === marker.applicationZero) mendRevision(mended, at, end);
    if (kind === marker.startOfScan && isSequential) mendScan(mended, end);
  }
  return mended.equals(bytes) ? undefined : mended;
}
