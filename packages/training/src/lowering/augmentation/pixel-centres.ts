/** Where the pixels of an axis have their centres, in pixels from its start: 0.5, 1.5 and so on. */
export function pixelCentres(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 0.5);
}
