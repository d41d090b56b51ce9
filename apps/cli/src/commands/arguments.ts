import { InvalidArgumentError } from 'commander';

/** A whole number from `minimum` to `maximum`. */
export function integerBetween(minimum: number, maximum: number) {
  return (text: string): number => {
    const value = parseNumber(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

/** A finite number; the service judges whether it makes sense. */
export function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Give a finite number.');
  return value;
}

/** Numbers with commas between them. */
export function parseNumbers(text: string): number[] {
  return text.split(',').map(parseNumber);
}

/** Numbers by name, as `macsRatio=2.2,memoryBytes=2e9`; the service judges the names. */
export function parseNamedNumbers(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [name = '', value, ...rest] = part.split('=');
      if (name === '' || value === undefined || rest.length > 0) {
        throw new InvalidArgumentError('Give names and numbers, as macsRatio=2.2,memoryBytes=2e9.');
      }
      return [name, parseNumber(value)];
    }),
  );
}

/** `from:to:step`, the values themselves with commas between them, or `solve`. */
export function parseAxis(text: string): number[] | { from: number; to: number; step: number } | 'solve' {
  if (text === 'solve') return text;
  const parts = text.split(':');
  if (parts.length === 1) return parseNumbers(text);
  const [from, to, step] = parts;
  if (from === undefined || to === undefined || step === undefined || parts.length > 3) {
    throw new InvalidArgumentError('Give values (1,1.1,1.2), a range as from:to:step (1:1.4:0.1), or solve.');
  }
  return { from: parseNumber(from), to: parseNumber(to), step: parseNumber(step) };
}

/** Pixels of height and width (380), or all sides with x between them: 224x160, or frames first, 16x112x112. */
export function parseResolution(text: string): number | number[] {
  const sides = text.split('x').map(parseNumber);
  const [side] = sides;
  if (side !== undefined && sides.length === 1) return side;
  if (sides.length > 3) throw new InvalidArgumentError('Give pixels (380), or all sides (224x160, 16x112x112).');
  return sides;
}

/** A strategy's name, or the shares of depth, width and resolution with commas between them. */
export function parseStrategy(text: string): string | { depth: number; width: number; resolution: number } {
  if (!text.includes(',')) return text;
  const [depth, width, resolution, ...rest] = parseNumbers(text);
  if (depth === undefined || width === undefined || resolution === undefined || rest.length > 0) {
    throw new InvalidArgumentError('Give a name (fast), or three shares that sum to 1 (0.1,0.8,0.1).');
  }
  return { depth, width, resolution };
}
