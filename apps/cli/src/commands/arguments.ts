import { InvalidArgumentError } from 'commander';

/** A whole number from `minimum` to `maximum`. */
export const integerBetween =
  (minimum: number, maximum: number) =>
  (text: string): number => {
    const value = parseNumber(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };

/** A finite number; the service judges whether it makes sense. */
export const parseNumber = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Give a finite number.');
  return value;
};

/** Numbers with commas between them. */
export const parseNumbers = (text: string): number[] => text.split(',').map(parseNumber);

/** `from:to:step`, or the values themselves with commas between them. */
export const parseAxis = (text: string): number[] | { from: number; to: number; step: number } => {
  const parts = text.split(':');
  if (parts.length === 1) return parseNumbers(text);
  const [from, to, step] = parts;
  if (from === undefined || to === undefined || step === undefined || parts.length > 3) {
    throw new InvalidArgumentError('Give values (1,1.1,1.2) or a range as from:to:step (1:1.4:0.1).');
  }
  return { from: parseNumber(from), to: parseNumber(to), step: parseNumber(step) };
};
