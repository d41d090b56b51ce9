import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import type { PageRequest } from '../database/pages.ts';
import { pageOfRows, sequenceOf } from '../database/pages.ts';
import { toEpoch, toTrialView, withNetwork } from './trial-rows.ts';
import type { TrialStore } from './trial-store.ts';

function after(page: PageRequest): { readonly sequence?: { readonly gt: bigint } } {
  const sequence = sequenceOf(page);
  return sequence === undefined ? {} : { sequence: { gt: sequence } };
}

/** The trials' part of the store. */
export function createTrialStore(database: Database): TrialStore {
  return {
    async listTrials(searchId, page) {
      const from = after(page);
      if (!isUuid(searchId)) return null;
      const search = await database.run((client) =>
        client.search.findUnique({ where: { id: searchId }, select: { id: true } }),
      );
      if (search === null) return null;
      const rows = await database.run((client) =>
        client.trial.findMany({
          where: { searchId, ...from, ...(page.state === undefined ? {} : { state: page.state }) },
          orderBy: { sequence: 'asc' },
          take: page.limit + 1,
          include: withNetwork,
        }),
      );
      return pageOfRows(rows, page.limit, toTrialView);
    },

    async getTrial(trialId) {
      if (!isUuid(trialId)) return null;
      const row = await database.run((client) =>
        client.trial.findUnique({ where: { id: trialId }, include: withNetwork }),
      );
      if (row === null) return null;
      const epochs = await database.run((client) =>
        client.epoch.findMany({ where: { trialId, attempt: row.attempt }, orderBy: { epoch: 'asc' } }),
      );
      return { ...toTrialView(row), learningCurve: epochs.map(toEpoch) };
    },

    async queuedTrials(page) {
      const rows = await database.run((client) =>
        client.trial.findMany({
          where: { state: 'queued', ...after(page) },
          orderBy: { sequence: 'asc' },
          take: page.limit + 1,
          select: { id: true, attempt: true, sequence: true },
        }),
      );
      return pageOfRows(rows, page.limit, ({ id, attempt }) => ({ trialId: id, attempt }));
    },

    countQueued: () => database.run((client) => client.trial.count({ where: { state: 'queued' } })),
  };
}
