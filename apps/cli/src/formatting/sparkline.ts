const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Values as a row of bars, the least as the lowest and the greatest as the highest; equal values are all in the middle. */
export function sparkline(values: readonly number[]): string {
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  const heightOf = (value: number): number => (range === 0 ? 0.5 : (value - least) / range);
  return values.map((value) => bars[Math.round(heightOf(value) * (bars.length - 1))] ?? '').join('');
}
