import type { LibraryUse, NetworkUse, ScaledMember } from '@compound-search/contracts';

import { formatCoefficient, formatCount, formatRatio, formatResolution } from '../formatting/numbers.ts';
import { renderTable } from '../formatting/table.ts';

/** The libraries that an answer says how to use, as people spell them. */
const spellings: Readonly<Record<keyof NetworkUse, string>> = {
  keras: 'Keras',
  timm: 'timm',
  torchvision: 'torchvision',
};

/** A line a library: its arguments, or why it has none. */
export function renderUse(use: NetworkUse): string {
  return Object.entries(spellings)
    .map(([library, spelling]) => `${spelling}: ${summary(use[library as keyof NetworkUse])}`)
    .join('\n');
}

function summary({ arguments: values, reason }: LibraryUse): string {
  if (values === null) return reason ?? '';
  return Object.entries(values)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? `(${value.join(', ')})` : (value ?? 'None')}`)
    .join(', ');
}

/** A program of Python, with what is to be known of it as comments above. */
export function renderCode({ code, notes }: LibraryUse): string {
  return [...notes.map((note) => `# ${note}`), code ?? ''].join('\n');
}

/** The baseline scaled to every phi, with exact costs. */
export function renderScaledMembers(family: readonly ScaledMember[]): string {
  const right = (title: string) => ({ title, align: 'right' }) as const;
  return renderTable(
    ['phi', 'depth', 'width', 'resolution', 'parameters', 'MACs', 'ratio'].map(right),
    family.map(({ phi, multipliers: { depth, width }, resolution, parameters, macs, macsRatio }) => [
      String(phi),
      formatCoefficient(depth),
      formatCoefficient(width),
      formatResolution(resolution),
      formatCount(parameters),
      formatCount(macs),
      formatRatio(macsRatio),
    ]),
  );
}
