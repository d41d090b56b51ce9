import { z } from 'zod';

import { scalingCoefficientsSchema } from './network.ts';
import { searchViewSchema } from './search.ts';
import { checkTrainings, describedTrainings, searchSettings, seedsSchema } from './search-request.ts';
import { defaultSeeds } from './strategy.ts';

/** Ways to grow a baseline to the same cost: along one axis, or along all three by given coefficients. */
export const comparisonMethods = ['depth-only', 'width-only', 'resolution-only', 'compound'] as const;
export type ComparisonMethod = (typeof comparisonMethods)[number];

function unique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

const { name, baseline, dataset, testSeeds, split, recipe, device, priority, reuse, trainings, data } = searchSettings;

const target = z
  .number()
  .positive()
  .max(1000)
  .refine((value) => value !== 1, { message: 'A target of 1 is the baseline itself' })
  .meta({ not: { const: 1 } });

/** What a person posts to see whether compound scaling wins on their own network and data. */
export const comparisonRequestSchema = z
  .strictObject({
    name,
    baseline,
    dataset,
    /** In which proportion `compound` scales: only their ratio counts, since the target sets the size. */
    coefficients: scalingCoefficientsSchema,
    /** Exact multiply-adds over those of the baseline, one search each. */
    targets: z
      .array(target)
      .min(1)
      .max(8)
      .refine(unique, { message: 'A target stands twice' })
      .meta({ uniqueItems: true })
      .default([2, 4]),
    methods: z
      .array(z.enum(comparisonMethods))
      .min(2)
      .refine(unique, { message: 'A method stands twice' })
      .meta({ uniqueItems: true })
      .default([...comparisonMethods]),
    /** How far the cost of a network may be from its target, as a share of it. */
    tolerance: z.number().positive().max(0.5).default(0.02),
    /** All networks are trained with all of them. */
    seeds: seedsSchema.default(defaultSeeds({ kind: 'full' })),
    testSeeds,
    split,
    recipe,
    device,
    priority,
    reuse,
    trainings,
    data,
  })
  .check(checkTrainings)
  .meta({ allOf: describedTrainings });
export type ComparisonRequest = z.infer<typeof comparisonRequestSchema>;
export type ComparisonRequestInput = z.input<typeof comparisonRequestSchema>;

/** The searches of a comparison, in the order of its targets. Their points are labelled with their methods. */
export const comparisonSchema = z.object({
  searches: z.array(z.object({ target: z.number(), search: searchViewSchema })),
});
export type ScalingComparison = z.infer<typeof comparisonSchema>;
