import { CompoundSearchError, type RoundingPolicyName } from '@compound-search/contracts';

/**
 * A network as its authors published it. These are hand-picked: none of B1 to B7 is alpha^phi, beta^phi, gamma^phi for
 * any phi (tensorflow/tpu 390, 738), so they stand apart from what the formula gives.
 */
export interface PublishedNetwork {
  readonly name: string;
  readonly baseline: string;
  readonly policy: RoundingPolicyName;
  readonly depth: number;
  readonly width: number;
  /** Pixels of height and width. */
  readonly resolution: number;
  readonly dropoutRate: number;
}

type Row = readonly [name: string, width: number, depth: number, resolution: number, dropoutRate: number];

function family(baseline: string, policy: RoundingPolicyName, rows: readonly Row[]): PublishedNetwork[] {
  return rows.map(([name, width, depth, resolution, dropoutRate]) => ({
    name,
    baseline,
    policy,
    depth,
    width,
    resolution,
    dropoutRate,
  }));
}

const published: readonly PublishedNetwork[] = [
  // tensorflow/tpu, efficientnet_builder.py: width, depth, resolution, dropout.
  ...family('efficientnet-b0', 'tensorflow', [
    ['b0', 1, 1, 224, 0.2],
    ['b1', 1, 1.1, 240, 0.2],
    ['b2', 1.1, 1.2, 260, 0.3],
    ['b3', 1.2, 1.4, 300, 0.3],
    ['b4', 1.4, 1.8, 380, 0.4],
    ['b5', 1.6, 2.2, 456, 0.4],
    ['b6', 1.8, 2.6, 528, 0.5],
    ['b7', 2, 3.1, 600, 0.5],
    ['b8', 2.2, 3.6, 672, 0.5],
    ['l2', 4.3, 5.3, 800, 0.5],
  ]),
  // tensorflow/tpu, lite/efficientnet_lite_builder.py.
  ...family('efficientnet-lite0', 'lite', [
    ['lite0', 1, 1, 224, 0.2],
    ['lite1', 1, 1.1, 240, 0.2],
    ['lite2', 1.1, 1.2, 260, 0.3],
    ['lite3', 1.2, 1.4, 280, 0.3],
    ['lite4', 1.4, 1.8, 300, 0.3],
  ]),
  // Model Rubik's Cube (arXiv 2010.14819) and its authors' repository.
  ...family('efficientnet-b0', 'tinynet', [
    ['tinynet-a', 1, 1.2, 192, 0.2],
    ['tinynet-b', 0.75, 1.1, 188, 0.2],
    ['tinynet-c', 0.54, 0.85, 184, 0.2],
    ['tinynet-d', 0.54, 0.695, 152, 0.2],
    ['tinynet-e', 0.51, 0.6, 106, 0.2],
  ]),
  // google/automl, effnetv2_configs.py; resolutions are those of evaluation.
  ...family('efficientnet-v2-b0', 'efficientnet-v2', [
    ['v2-b0', 1, 1, 224, 0.2],
    ['v2-b1', 1, 1.1, 240, 0.2],
    ['v2-b2', 1.1, 1.2, 260, 0.3],
    ['v2-b3', 1.2, 1.4, 300, 0.3],
  ]),
];

/** Published networks by name: b0 to b8, l2, lite0 to lite4, tinynet-a to tinynet-e, v2-b0 to v2-b3. */
export const publishedNetworks: ReadonlyMap<string, PublishedNetwork> = new Map(
  published.map((row) => [row.name, row]),
);

/**
 * The published network of that name, in any case and with or without `efficientnet-` before it.
 *
 * @throws CompoundSearchError `UNKNOWN_BASELINE`, which lists the names that there are.
 */
export function findPublishedNetwork(name: string): PublishedNetwork {
  const key = name.toLowerCase();
  const row = publishedNetworks.get(key) ?? publishedNetworks.get(key.replace(/^efficientnet-/u, ''));
  if (row !== undefined) return row;
  throw new CompoundSearchError('UNKNOWN_BASELINE', `There is no published network "${name}".`, {
    field: 'published',
    value: name,
    remedy: `Choose one of ${[...publishedNetworks.keys()].join(', ')}.`,
  });
}
