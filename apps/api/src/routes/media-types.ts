/** How much a client wants a media type, from 0 to 1, by its Accept header (RFC 9110, section 12.5.1). */
function qualityOf(accept: string, type: string): number {
  const [main = ''] = type.split('/');
  const ranges = [type, `${main}/*`, '*/*'];
  const entries = accept.split(',').map((entry) => {
    const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { range, quality: quality === undefined ? 1 : Number(quality) };
  });
  const matching = ranges.map((range) => entries.find((entry) => entry.range === range));
  return matching.find((entry) => entry !== undefined)?.quality ?? 0;
}

/** Whether comma-separated values are wanted rather than JSON, which is what those get who want both alike. */
export function prefersCsv(accept: string | undefined): boolean {
  return accept !== undefined && qualityOf(accept, 'text/csv') > qualityOf(accept, 'application/json');
}
