import { CompoundSearchError } from '@compound-search/contracts';

import type { NetworkDescription } from '../description/description.ts';
import { efficientnetB0 } from './efficientnet-b0.ts';
import { efficientnetB03d } from './efficientnet-b0-3d.ts';
import { efficientnetB03dFullRate } from './efficientnet-b0-3d-full-rate.ts';
import { efficientnetB0Cifar } from './efficientnet-b0-cifar.ts';
import { efficientnetLite0 } from './efficientnet-lite0.ts';
import { efficientnetMicro } from './efficientnet-micro.ts';
import { efficientnetV2B0 } from './efficientnet-v2-b0.ts';
import { mobilenetV1 } from './mobilenet-v1.ts';
import { mobilenetV1Cifar } from './mobilenet-v1-cifar.ts';
import { mobilenetV2 } from './mobilenet-v2.ts';
import { mobilenetV2Cifar } from './mobilenet-v2-cifar.ts';
import { mobilenetV2Micro } from './mobilenet-v2-micro.ts';
import { resnet20 } from './resnet-20.ts';
import { resnet50 } from './resnet-50.ts';
import { resnet50Cifar } from './resnet-50-cifar.ts';
import { resnet50V1 } from './resnet-50-v1.ts';
import { resnetMicro } from './resnet-micro.ts';

const all: readonly NetworkDescription[] = [
  efficientnetMicro,
  mobilenetV2Micro,
  resnetMicro,
  efficientnetB0,
  efficientnetB0Cifar,
  efficientnetLite0,
  efficientnetV2B0,
  efficientnetB03d,
  efficientnetB03dFullRate,
  mobilenetV1,
  mobilenetV1Cifar,
  mobilenetV2,
  mobilenetV2Cifar,
  resnet50,
  resnet50V1,
  resnet50Cifar,
  resnet20,
];

/** All baselines by name. */
export const baselines: ReadonlyMap<string, NetworkDescription> = new Map(
  all.map((baseline) => [baseline.name, baseline]),
);

/**
 * The baseline of that name.
 *
 * @throws CompoundSearchError `UNKNOWN_BASELINE`, which lists the names that there are.
 */
export function findBaseline(name: string): NetworkDescription {
  const baseline = baselines.get(name);
  if (baseline !== undefined) return baseline;
  throw new CompoundSearchError('UNKNOWN_BASELINE', `There is no baseline "${name}".`, {
    field: 'baseline',
    value: name,
    remedy: `Choose one of ${[...baselines.keys()].join(', ')}.`,
  });
}
