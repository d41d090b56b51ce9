import type { Epoch } from '@compound-search/contracts';
import { scaleLinear } from 'd3-scale';

import { Axes } from './cost-chart.tsx';
import { type Frame, paddedRange } from './cost-layout.ts';

const frame: Frame = { width: 520, height: 260, left: 58, right: 14, top: 14, bottom: 44 };

/** How the accuracies of one training went, epoch by epoch. */
export function CurveChart({ epochs }: { readonly epochs: readonly Epoch[] }) {
  if (epochs.length === 0) return <p class="empty">No epoch has ended yet.</p>;
  const x = scaleLinear(
    [Math.min(1, epochs.length - 1), Math.max(...epochs.map(({ epoch }) => epoch))],
    [frame.left, frame.width - frame.right],
  );
  const accuracies = epochs.flatMap(({ trainAccuracy, validationAccuracy }) => [trainAccuracy, validationAccuracy]);
  const y = scaleLinear(paddedRange(accuracies, 0.05), [frame.height - frame.bottom, frame.top]);
  const line = (of: (epoch: Epoch) => number): string =>
    epochs
      .map((one, index) => `${index === 0 ? 'M' : 'L'}${x(one.epoch).toFixed(1)} ${y(of(one)).toFixed(1)}`)
      .join('');
  const xTicks = x.ticks(8).filter(Number.isInteger);
  return (
    <figure>
      <svg
        viewBox={`0 0 ${frame.width} ${frame.height}`}
        role="img"
        aria-label="Accuracy by epoch; the table beside has the same"
      >
        <Axes
          xTicks={xTicks.map((value) => ({ at: x(value), text: String(value) }))}
          yTicks={y.ticks(4).map((value) => ({ at: y(value), text: `${(value * 100).toFixed(1)} %` }))}
          title="epoch"
          frame={frame}
        />
        <path d={line(({ trainAccuracy }) => trainAccuracy)} class="curve train" />
        <path d={line(({ validationAccuracy }) => validationAccuracy)} class="curve" />
      </svg>
      <figcaption class="legend">Solid: validation. Dashed: training images, as they are augmented.</figcaption>
    </figure>
  );
}
