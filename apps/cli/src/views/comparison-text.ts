import type { Engine, Epoch, TrialComparison } from '@compound-search/contracts';

import { type Column, renderTable } from '../formatting/table.ts';
import { epochColumns } from './trial-tables.ts';

const columns: readonly Column[] = [{ title: 'epoch', align: 'right' }, { title: 'trial' }, ...epochColumns];

/** Whether a rerun is the same to the bit; where not, the first epoch that differs and what may explain it. */
export function renderComparison(comparison: TrialComparison): string {
  const { equal, firstDifference, weightsHash } = comparison;
  if (equal === true) {
    return [
      `Equal to the bit: every epoch, and the weights ${weightsHash.recorded ?? ''}.`,
      ...differences(comparison),
    ].join('\n');
  }
  const rows =
    firstDifference === null
      ? ['All epochs are equal; the weights differ.']
      : [`Different from epoch ${firstDifference.epoch} on:`, epochTable(firstDifference)];
  return [
    ...rows,
    `Weights recorded ${weightsHash.recorded ?? 'none'}`,
    `        rerun    ${weightsHash.rerun ?? 'none'}`,
    ...explanation(comparison),
  ].join('\n');
}

/** All digits are shown: bits that differ may show in the last one alone. */
function epochTable({ epoch, recorded, rerun }: NonNullable<TrialComparison['firstDifference']>): string {
  return renderTable(columns, [
    [String(epoch), 'recorded', ...numbers(recorded)],
    [String(epoch), 'rerun', ...numbers(rerun)],
  ]);
}

function numbers(epoch: Epoch | null): string[] {
  return epoch === null
    ? epochColumns.map(() => '')
    : [
        epoch.step,
        epoch.learningRate,
        epoch.trainLoss,
        epoch.trainAccuracy,
        epoch.validationLoss,
        epoch.validationAccuracy,
      ].map(String);
}

function explanation(comparison: TrialComparison): string[] {
  return comparison.engineDifferences.length === 0
    ? ['Engine and data are the same, which does not explain it.']
    : ['What explains it:', ...differences(comparison)];
}

function differences({ engine, engineDifferences }: TrialComparison): string[] {
  return engineDifferences.map((name) => {
    const [recorded, rerun] = [engine.recorded, engine.rerun].map((side) => valueOf(side, name));
    return `  ${name === 'datasetHash' ? 'the data' : name} differs: recorded ${recorded ?? ''}, rerun ${rerun ?? ''}`;
  });
}

function valueOf(engine: Engine | null, name: string): string {
  return String(Object.entries(engine ?? {}).find(([key]) => key === name)?.[1] ?? 'unknown');
}
