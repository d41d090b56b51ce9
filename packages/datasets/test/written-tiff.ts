/** What a TIFF file holds, as TIFF 6.0 (https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf) names it. */
interface TiffFields {
  readonly width: number;
  readonly height: number;
  readonly samplesPerPixel: 1 | 3;
  readonly bits: 8 | 16 | 32;
  /** 1 unsigned integers, 3 floats */
  readonly sampleFormat?: 1 | 3;
  /** As in EXIF. */
  readonly orientation?: number;
  /** A tag of somebody's own, which readers pass over. */
  readonly privateTag?: number;
}

/** A little-endian TIFF file of one strip that is not compressed. */
export function tiffFile(fields: TiffFields, samples: Uint8Array): Buffer {
  const { width, height, samplesPerPixel, bits, sampleFormat = 1, orientation = 1, privateTag } = fields;
  const entries: [tag: number, value: number][] = [
    [256, width],
    [257, height],
    // BitsPerSample and SampleFormat have a value a sample; three of them lie behind the directory.
    [258, bits],
    [259, 1],
    [262, samplesPerPixel === 1 ? 1 : 2],
    [273, 0],
    [274, orientation],
    [277, samplesPerPixel],
    [278, height],
    [279, samples.length],
    [339, sampleFormat],
    ...(privateTag === undefined ? [] : ([[privateTag, 7]] as [number, number][])),
  ];
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  const behind = 8 + directory.length;
  const triples = Buffer.alloc(12);
  for (let sample = 0; sample < 3; sample++) {
    triples.writeUInt16LE(bits, 2 * sample);
    triples.writeUInt16LE(sampleFormat, 6 + 2 * sample);
  }
  directory.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, value], index) => {
    const at = 2 + 12 * index;
    const isTriple = samplesPerPixel === 3 && (tag === 258 || tag === 339);
    directory.writeUInt16LE(tag, at);
    // 4 is a number of 32 bits, 3 one of 16.
    directory.writeUInt16LE(tag === 273 ? 4 : 3, at + 2);
    directory.writeUInt32LE(isTriple ? 3 : 1, at + 4);
    if (tag === 273) directory.writeUInt32LE(behind + triples.length, at + 8);
    else if (isTriple) directory.writeUInt32LE(behind + (tag === 258 ? 0 : 6), at + 8);
    else directory.writeUInt16LE(value, at + 8);
  });
  return Buffer.concat([Buffer.from('II*\0'), Buffer.of(8, 0, 0, 0), directory, triples, samples]);
}
