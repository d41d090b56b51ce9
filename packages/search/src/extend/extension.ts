import {
  CompoundSearchError,
  type ExtensionRequest,
  formatPath,
  schemaFaults,
  type SearchRequest,
  searchRequestSchema,
} from '@compound-search/contracts';

/**
 * The request of a search that extends another one.
 *
 * @throws CompoundSearchError VALIDATION_FAILED where it would be the same again, or would not be a valid request.
 */
export function extendRequest(before: SearchRequest, extension: ExtensionRequest): SearchRequest {
  requireAddition(before, extension);
  const { name, seeds = [], grid, constraint = before.constraint, epochs = before.recipe.epochs } = extension;
  return requireRequest({
    ...before,
    // Two searches of one name could not be told apart.
    name,
    seeds: [...new Set([...before.seeds, ...seeds])],
    // A grid takes the place of a list of points.
    ...(grid === undefined ? {} : { grid: { ...before.grid, ...grid }, points: undefined, transferOf: undefined }),
    constraint,
    recipe: { ...before.recipe, epochs },
  });
}

function requireAddition(before: SearchRequest, { seeds = [], grid, constraint, epochs }: ExtensionRequest): void {
  if (grid !== undefined || constraint !== undefined || isOtherLength(before, epochs)) return;
  if (seeds.some((seed) => !before.seeds.includes(seed))) return;
  throw new CompoundSearchError('VALIDATION_FAILED', 'The search has all of this already', {
    ...(seeds.length > 0 ? { field: 'seeds', value: seeds } : { field: 'epochs', value: epochs }),
    remedy: `Add seeds other than ${before.seeds.join(', ')}, another grid or constraint, or other epochs.`,
  });
}

function isOtherLength({ recipe }: SearchRequest, epochs: number | undefined): boolean {
  return epochs !== undefined && epochs !== recipe.epochs;
}

function requireRequest(request: unknown): SearchRequest {
  const parsed = searchRequestSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [fault] = schemaFaults(parsed.error, request);
  throw new CompoundSearchError(
    'VALIDATION_FAILED',
    `The extended search is none: ${fault?.detail ?? 'it is invalid'}`,
    {
      field: formatPath(fault?.path ?? []),
      value: fault?.value,
      remedy: 'Add less, or post a search of its own.',
    },
  );
}

/** What a person should know of the trials that an extension does not take over. */
export function extensionNotes(searchId: string, before: SearchRequest, { epochs }: ExtensionRequest): string[] {
  if (!isOtherLength(before, epochs)) return [];
  return [
    `Trainings of ${epochs} epochs are others than those of ${before.recipe.epochs} in search ${searchId}: ` +
      'every trial is trained from its start.',
  ];
}
