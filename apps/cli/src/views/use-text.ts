import type { LibraryUse, NetworkUse, ScaledMember } from '@compound-search/contracts';

import { formatCoefficient, formatCount, formatRatio, formatResolution } from '../formatting/numbers.ts';
import { renderTable } from '../formatting/table.ts';

/** The libraries that an answer says how to use, as people spell them. */
const spellings: Readonly<Record<keyof NetworkUse, string>> = {
  keras: 'Keras',
  timm: 'timm',
  torchvision: 'torchvision',
};

/** Each library's words for width, depth and resolution; the other arguments follow. */
const scaling = [
  ...['width_coefficient', 'channel_multiplier', 'width_mult'],
  ...['depth_coefficient', 'depth_multiplier', 'depth_mult'],
  ...['default_size', 'input_shape', 'input_size'],
];

/** A line a library: its arguments, or why it has none. */
export function renderUse(use: NetworkUse): string {
  return Object.entries(spellings)
    .map(([library, spelling]) => summary(use[library as keyof NetworkUse], spelling))
    .join('\n');
}

function summary({ arguments: values, reason }: LibraryUse, spelling: string): string {
  if (values === null) return reason ?? '';
  const first = scaling.filter((name) => name in values);
  const names = [...first, ...Object.keys(values).filter((name) => !first.includes(name))];
  return `${spelling}: ${names.map((name) => `${name}=${valueText(values[name] ?? null)}`).join(', ')}`;
}

function valueText(value: NonNullable<LibraryUse['arguments']>[string]): string {
  if (Array.isArray(value)) return `(${value.join(', ')})`;
  return String(value ?? 'None');
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
