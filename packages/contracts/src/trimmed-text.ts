import { z } from 'zod';

/** Text of a person that is shown on one line, without the spaces around it. */
export function trimmedText(longest: number) {
  return z.string().trim().min(1).max(longest).meta({ pattern: '\\S' });
}
