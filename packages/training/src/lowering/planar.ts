/** Sides of a network's input, a kernel or a stride as [height, width]. @throws Error for any other number of axes. */
export function planar(sides: readonly number[]): readonly [height: number, width: number] {
  const [height, width, ...rest] = sides;
  if (height === undefined || width === undefined || rest.length > 0) {
    throw new Error(`Only two-dimensional networks can be trained; there are ${sides.length} spatial axes`);
  }
  return [height, width];
}
