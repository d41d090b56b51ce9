import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Candidate, SearchRequest } from '@compound-search/contracts';
import { loadDataset } from '@compound-search/datasets';
import { buildNetwork, candidateArchitecture, findBaseline } from '@compound-search/networks';
import { planRequest } from '@compound-search/search';
import { z } from 'zod';

import { writeImageData } from '../peers/write-image-data.ts';

/** A search that every contestant carries out. */
export interface SearchJob {
  readonly request: SearchRequest;
  /** In the order of the plan; contestants name them by their place. */
  readonly candidates: readonly Candidate[];
}

/** What the command line changes in the request of a file. */
export interface Sizes {
  readonly dataset: string | undefined;
  readonly seeds: number | undefined;
  readonly trainImages: number | undefined;
  readonly epochs: number | undefined;
}

const requestSchema = z.looseObject({
  baseline: z.string(),
  split: z.looseObject({}).optional(),
  recipe: z.looseObject({}).optional(),
});

/** A request as its file has it, in the sizes asked for. @throws ZodError for a baseline that has no name. */
export function resize(content: unknown, { dataset, seeds, trainImages, epochs }: Sizes): Record<string, unknown> {
  const request = requestSchema.parse(content);
  return {
    ...request,
    ...(dataset === undefined ? {} : { dataset }),
    ...(seeds === undefined ? {} : { seeds: Array.from({ length: seeds }, (_, index) => index + 1) }),
    ...(trainImages === undefined ? {} : { split: { ...request.split, trainImages } }),
    ...(epochs === undefined ? {} : { recipe: { ...request.recipe, epochs } }),
  };
}

const maximumCandidates = 1000;

/** What a request comes to. @throws CompoundSearchError where the service would refuse it. */
export async function planJob(request: SearchRequest): Promise<SearchJob> {
  const { candidates } = await planRequest(request, findBaseline(nameOf(request)), { maximumCandidates });
  return { request, candidates };
}

/** Writes the job for the peers, with every candidate's network as the layers that ours trains. */
export async function writePeerJob(
  directory: string,
  { request, candidates }: SearchJob,
  dataRoot: string,
): Promise<void> {
  const { split, recipe, seeds } = request;
  const dataset = await loadDataset(request.dataset, { dataRoot });
  const described = await writeImageData(directory, dataset, split);
  const baseline = findBaseline(nameOf(request));
  const data = { channels: dataset.image.channels, classes: dataset.classes };
  const networks = candidates.map(({ multipliers }) =>
    buildNetwork(candidateArchitecture({ baseline, multipliers, recipe, ...data })),
  );
  const job = { candidates: networks, seeds, recipe, ...described };
  await writeFile(path.join(directory, 'job.json'), JSON.stringify(job));
}

function nameOf({ baseline }: SearchRequest): string {
  if (typeof baseline !== 'string') throw new Error('The baseline must be one with a name');
  return baseline;
}
