import type { RankAgreement, Transfer } from '@compound-search/contracts';

import { formatCoefficient, formatEstimate, formatRatio } from '../formatting/numbers.ts';
import { type Column, renderTable } from '../formatting/table.ts';

type Row = Transfer['rows'][number];

/** The rows of a transfer on both sides, and whether their order carries over. */
export function renderTransfer(transfer: Transfer): string {
  const phi = formatCoefficient(transfer.phi);
  const columns: readonly Column[] = [
    { title: 'label' },
    { title: 'alpha', align: 'right' },
    { title: 'beta', align: 'right' },
    { title: 'gamma', align: 'right' },
    ...['1', phi].flatMap((at): Column[] => [
      { title: `rank at ${at}`, align: 'right' },
      { title: 'ratio', align: 'right' },
      { title: 'accuracy ± s.e.', align: 'right' },
    ]),
  ];
  const isLabelled = transfer.rows.some(({ label }) => label !== undefined);
  const shown = isLabelled ? columns : columns.slice(1);
  const rows = transfer.rows.map((row) => (isLabelled ? [row.label ?? '', ...cells(row)] : cells(row)));
  return [renderTable(shown, rows), ...agreementLines(transfer), conclusion(transfer)].join('\n');
}

function cells({ alpha, beta, gamma, origin, transferred }: Row): string[] {
  return [...[alpha, beta, gamma].map(formatCoefficient), ...sideCells(origin), ...sideCells(transferred)];
}

function sideCells({ rank, macsRatio, validationAccuracy }: Row['origin']): string[] {
  return [
    rank === null ? '' : formatCoefficient(rank),
    formatRatio(macsRatio),
    validationAccuracy === null ? 'none' : formatEstimate(validationAccuracy),
  ];
}

function agreementLines({ spearman, kendall }: Transfer): string[] {
  return [
    ...(spearman === null ? [] : [agreementLine("Spearman's rho", spearman)]),
    ...(kendall === null ? [] : [agreementLine("Kendall's tau-b", kendall)]),
  ];
}

function agreementLine(name: string, { measured, expected, interval }: RankAgreement): string {
  const [low, high] = interval ?? [];
  if (expected === null || low === undefined || high === undefined) {
    return `${name} is ${formatRatio(measured)} as measured; one seed alone does not say how much of it is luck.`;
  }
  return (
    `${name} is ${formatRatio(measured)} as measured; of the true means ${formatRatio(expected)} is expected, ` +
    `from ${formatRatio(low)} to ${formatRatio(high)} with 95 %.`
  );
}

/** What the correlation of the ranks says, in a sentence. */
export function conclusion({ spearman }: Pick<Transfer, 'spearman'>): string {
  const [low, high] = spearman?.interval ?? [];
  if (low === undefined || high === undefined) return 'Whether the order carries over is not known.';
  if (low > 0) return 'The order carries over: rows that lead at phi = 1 tend to lead further up.';
  if (high < 0) return 'The order turns round: rows that lead at phi = 1 tend to fall behind further up.';
  return 'These trainings do not show whether the order carries over: more seeds, or rows further apart, would.';
}
