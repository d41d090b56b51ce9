import type { FamilyMember, NetworkAnswer, PublishedNetworkView } from '@compound-search/contracts';

import { formatCoefficient, formatCount, formatRatio, formatResolution } from '../formatting/numbers.ts';
import { type Column, renderTable } from '../formatting/table.ts';
import { note } from './plan-table.ts';

function right(title: string): Column {
  return { title, align: 'right' };
}

function whole(count: number): string {
  return count.toLocaleString('en-US');
}
function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** One network: what was resolved, its exact cost, and what to know about it. */
export function renderNetwork(network: NetworkAnswer): string {
  const { multipliers, trainingMemory, effectivePhi } = network;
  const rows: [string, string][] = [
    ['rounding', network.policy],
    ['multipliers', scaleText(multipliers)],
    ['resolution', network.resolution.join('x')],
    ['classes', whole(network.classes)],
    ['repeats', network.repeats.join(' ')],
    ['channels', network.channels.join(' ')],
    ['parameters', whole(network.parameters)],
    ['  with statistics', whole(network.parametersWithStatistics)],
    ['MACs', whole(network.macs)],
    ['  with bias', whole(network.macsWithBias)],
    ['activations', whole(network.activations)],
    ['final map', network.finalMap.join('x')],
    ['output stride', network.outputStride.join('x')],
    ['receptive field', network.receptiveField.join('x')],
    ['inference memory', megabytes(network.inferenceMemory)],
    ...(trainingMemory === undefined ? [] : [['training memory', megabytes(trainingMemory.total)] as [string, string]]),
    ['effective phi', phiText(effectivePhi)],
    ['fingerprint', network.fingerprint],
  ];
  return [
    renderTable([{ title: 'network' }, { title: network.baseline }], rows),
    ...(network.layers === undefined ? [] : [renderLayers(network.layers)]),
    ...network.notes.map(note),
  ].join('\n');
}

function scaleText({ depth, width, resolution }: NetworkAnswer['multipliers']): string {
  return `depth ${formatCoefficient(depth)}, width ${formatCoefficient(width)}, resolution ${formatCoefficient(resolution)}`;
}

function phiText(phi: NetworkAnswer['effectivePhi']): string {
  return Object.entries(phi)
    .map(([measure, value]) => `${measure} ${value === null ? 'any' : formatRatio(value)}`)
    .join(', ');
}

function renderLayers(layers: NonNullable<NetworkAnswer['layers']>): string {
  return renderTable(
    [{ title: 'layer' }, { title: 'kind' }, right('output'), right('parameters'), right('MACs'), right('activations')],
    layers.map((layer) => [
      layer.name,
      layer.kind,
      layer.outputShape.join('x'),
      whole(layer.parameters),
      whole(layer.macs),
      whole(layer.activations),
    ]),
  );
}

/** One line a member of a family, then what to know about each. */
export function renderFamily(members: readonly FamilyMember[]): string {
  return [
    renderTable(
      [
        ...['phi', 'depth', 'width', 'resolution', 'parameters', 'MACs', 'ratio', 'activations', 'final map'].map(
          right,
        ),
        { title: 'repeats' },
        { title: 'channels' },
      ],
      members.map((member) => [
        formatCoefficient(member.phi),
        formatRatio(member.multipliers.depth, 3),
        formatRatio(member.multipliers.width, 3),
        formatResolution(member.resolution),
        formatCount(member.parameters),
        formatCount(member.macs),
        formatRatio(member.macsRatio),
        formatCount(member.activations),
        member.finalMap.join('x'),
        member.repeats.join(' '),
        member.channels.join(' '),
      ]),
    ),
    ...members.flatMap(({ phi, notes }) => notes.map((sentence) => note(`phi ${formatCoefficient(phi)}: ${sentence}`))),
  ].join('\n');
}

/** One line a published network. */
export function renderPublishedNetworks(networks: readonly PublishedNetworkView[]): string {
  return renderTable(
    [
      { title: 'name' },
      { title: 'baseline' },
      { title: 'rounding' },
      ...['depth', 'width', 'resolution', 'dropout', 'parameters', 'MACs'].map(right),
    ],
    networks.map((network) => [
      network.name,
      network.baseline,
      network.policy,
      formatCoefficient(network.depth),
      formatCoefficient(network.width),
      String(network.resolution),
      formatCoefficient(network.dropoutRate),
      formatCount(network.parameters),
      formatCount(network.macs),
    ]),
  );
}
