import { floorProduct } from '@compound-search/scaling';

import type { ScaledArchitecture } from '../build/architecture.ts';
import type { MobileStage } from './mobile-stages.ts';

/** Channels inside a block as this project has them. */
export interface BlockWidths {
  readonly stage: MobileStage;
  readonly input: number;
  readonly expanded: number;
  /** 0 where there is no squeeze-and-excitation. */
  readonly squeezed: number;
}

/** Every distinct block of a network: the first of a stage, and the others. */
export function blockWidths(architecture: ScaledArchitecture, stages: readonly MobileStage[]): BlockWidths[] {
  return stages.flatMap((stage, index) => {
    const before = index === 0 ? architecture.stem : (architecture.stages[index - 1] ?? 0);
    const inputs = (architecture.repeats[index] ?? 1) > 1 ? [before, architecture.stages[index] ?? 0] : [before];
    return inputs.map((input) => ({
      stage,
      input,
      expanded: Math.max(1, floorProduct(input * stage.expansion)),
      squeezed: stage.squeezeExcitation === 0 ? 0 : Math.max(1, floorProduct(input * stage.squeezeExcitation)),
    }));
  });
}
