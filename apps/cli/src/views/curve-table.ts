import type { Curve } from '@compound-search/contracts';

import { formatPercent } from '../formatting/numbers.ts';
import { sparkline } from '../formatting/sparkline.ts';
import { type Column, renderTable } from '../formatting/table.ts';

const columns: readonly Column[] = [
  { title: 'trial' },
  { title: 'purpose' },
  { title: 'seed', align: 'right' },
  { title: 'state' },
  { title: 'epochs', align: 'right' },
  { title: 'training loss', align: 'right' },
  { title: 'validation loss', align: 'right' },
  { title: 'validation accuracy', align: 'right' },
  { title: 'from first to last' },
];

/** One line a trial: what its last epoch came to, and its validation accuracies as bars. */
export function renderCurves(curves: readonly Curve[]): string {
  return renderTable(
    columns,
    curves.map((curve) => [
      curve.trialId,
      curve.purpose,
      String(curve.seed),
      curve.state,
      String(curve.epochs),
      lastOf(curve.trainLoss, (loss) => loss.toFixed(4)),
      lastOf(curve.validationLoss, (loss) => loss.toFixed(4)),
      lastOf(curve.validationAccuracy, formatPercent),
      sparkline(curve.validationAccuracy),
    ]),
  );
}

function lastOf(values: readonly number[], format: (value: number) => string): string {
  const last = values.at(-1);
  return last === undefined ? '' : format(last);
}
