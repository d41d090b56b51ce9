/**
 * Every document that is stored as jsonb, with the way from its earlier versions to what this version works with.
 *
 * A new field with a default needs no new version where an older service may ignore it. A renamed or removed field, a
 * changed meaning, and whatever an older service must not ignore (an option of a recipe, a property of a network) do:
 * append an upgrade here, and an example of the version before to test/documents/versions.json.
 */
import {
  attemptParametersSchema,
  baselineCostSchema,
  coefficientsSchema,
  decisionSchema,
  engineSchema,
  filledRequestSchema,
  modelPlanSchema,
  networkDocumentSchema,
  pointSchema,
  trialFailureSchema,
  trialResultSchema,
} from '@compound-search/contracts';
import { z } from 'zod';

import type { DocumentKind, Upgrade } from './stored-document.ts';

/**
 * Of a version whose new fields have defaults that mean what was meant before. It is a version all the same: an older
 * service that ignored them would take one thing for another.
 */
const unchanged: Upgrade = (document) => ({ ...document });

export const requestKind: DocumentKind<typeof filledRequestSchema> = {
  name: 'search request',
  schema: filledRequestSchema,
  upgrades: [
    // Every candidate got every seed, and the winner was tested with all of them. The fields of grid and constraint that
    // came with this version have defaults that mean what was meant before.
    ({ seeds, ...request }) => ({
      ...request,
      seeds,
      strategy: { kind: 'full' },
      testSeeds: Array.isArray(seeds) ? seeds.length : undefined,
    }),
    // Candidates were ranked by accuracy, as the default of `objective` says.
    unchanged,
    // A list of points may stand in the place of the grid.
    unchanged,
    // Trainings may be those of somebody else, on data that the service does not have.
    unchanged,
    // Candidates may be ranked by their loss.
    unchanged,
  ],
};

const storedDecisionSchema = decisionSchema.pick({ drops: true, stop: true, evidence: true });

/** Of a round; what it assigned is in rows of its own. */
export const decisionKind: DocumentKind<typeof storedDecisionSchema> = {
  name: 'decision',
  schema: storedDecisionSchema,
  upgrades: [],
};

/** Of a search, and of a registered baseline. */
export const networkKind: DocumentKind<typeof networkDocumentSchema> = {
  name: 'network',
  schema: networkDocumentSchema,
  upgrades: [],
};

export const baselineCostKind: DocumentKind<typeof baselineCostSchema> = {
  name: 'cost of the baseline',
  schema: baselineCostSchema,
  upgrades: [],
};

const pointsSchema = z.object({ points: z.array(pointSchema) });

export const pointsKind: DocumentKind<typeof pointsSchema> = {
  name: 'grid points of a candidate',
  schema: pointsSchema,
  upgrades: [],
};

export const engineKind: DocumentKind<typeof engineSchema> = { name: 'engine', schema: engineSchema, upgrades: [] };

/** What an attempt at a trial was to do. */
export const attemptParametersKind: DocumentKind<typeof attemptParametersSchema> = {
  name: 'parameters of an attempt',
  schema: attemptParametersSchema,
  upgrades: [],
};

export const resultKind: DocumentKind<typeof trialResultSchema> = {
  name: 'result of a trial',
  schema: trialResultSchema,
  upgrades: [],
};

export const failureKind: DocumentKind<typeof trialFailureSchema> = {
  name: 'failure of a trial',
  schema: trialFailureSchema,
  upgrades: [],
};

export const planKind: DocumentKind<typeof modelPlanSchema> = {
  name: 'plan of a model',
  schema: modelPlanSchema,
  upgrades: [],
};

/** What a search came to. */
export const answerKind: DocumentKind<typeof coefficientsSchema> = {
  name: 'answer of a search',
  schema: coefficientsSchema,
  // Version 2: what the constraint measures, and its maxima.
  upgrades: [unchanged],
};
