import { type CandidateMark, discs, nearestMark } from './candidate-marks.ts';
import { type CostMark, type Frame, layOutCosts, type Tick } from './cost-layout.ts';

/** Room for `97.25 %` and half of `2.05×` in the larger letters of a narrow screen. */
const frame: Frame = { width: 520, height: 330, left: 74, right: 26, top: 14, bottom: 44 };

interface CostProps {
  readonly marks: readonly CandidateMark[];
  readonly isByLoss: boolean;
  readonly chosen: string | undefined;
  readonly onChoose: (candidateId: string) => void;
}

function bars(marks: readonly CostMark[]): string {
  return marks
    .map(({ x, bar }) => (bar === undefined ? '' : `M${x.toFixed(1)} ${bar[0].toFixed(1)}V${bar[1].toFixed(1)}`))
    .join('');
}

/** What each candidate is worth against what it exactly costs. Filled: cannot be told from the best. */
export function CostChart({ marks, isByLoss, chosen, onChoose }: CostProps) {
  const layout = layOutCosts(marks, frame, isByLoss);
  const tied = layout.marks.filter(({ isTied }) => isTied);
  const others = layout.marks.filter(({ isTied }) => !isTied);
  if (layout.marks.length === 0) return <p class="empty">No candidate has a result yet.</p>;
  return (
    <svg
      viewBox={`0 0 ${frame.width} ${frame.height}`}
      role="img"
      aria-label={`${isByLoss ? 'Validation loss' : 'Validation accuracy'} of the candidates against exact cost; the table below has the same`}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const scale = frame.width / box.width;
        const nearest = nearestMark(
          layout.marks,
          (event.clientX - box.left) * scale,
          (event.clientY - box.top) * scale,
          20,
        );
        if (nearest !== undefined) onChoose(nearest.candidateId);
      }}
    >
      <Axes
        xTicks={layout.xTicks}
        yTicks={layout.yTicks}
        title="exact multiply-adds over the baseline's"
        frame={frame}
      />
      <path d={bars(layout.marks)} class="bars" />
      <path d={discs(others, 4.5)} class="hollow" />
      <path d={discs(tied, 5)} class="filled" />
      <path
        d={discs(
          layout.marks.filter(({ candidateId }) => candidateId === chosen),
          10,
        )}
        class="chosen"
      />
    </svg>
  );
}

interface AxesProps {
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly title: string;
  readonly frame: Frame;
}

/** Grid lines with their values, and what the horizontal axis is. */
export function Axes({ xTicks, yTicks, title, frame: { width, height, left, right, top, bottom } }: AxesProps) {
  return (
    <>
      <path class="grid" d={yTicks.map(({ at }) => `M${left} ${at}H${width - right}`).join('')} />
      <path class="grid" d={xTicks.map(({ at }) => `M${at} ${top}V${height - bottom}`).join('')} />
      {yTicks.map(({ at, text }) => (
        <text key={text} x={left - 8} y={at + 4} text-anchor="end">
          {text}
        </text>
      ))}
      {xTicks.map(({ at, text }) => (
        <text key={text} x={at} y={height - bottom + 18} text-anchor="middle">
          {text}
        </text>
      ))}
      <text x={(left + width - right) / 2} y={height - 6} text-anchor="middle">
        {title}
      </text>
    </>
  );
}
