import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { Prisma } from '../generated/client.ts';
import { type EarlierScores, type HistoryStore, recentSearches, recentTrials } from './history-store.ts';

const trainingRow = z.object({ macsTimesImages: z.number(), startedAt: z.number(), endedAt: z.number() });
const scoresRow = z.object({ searchId: z.string(), candidates: z.array(z.record(z.string(), z.number())) });

/** The part of the store that looks back. */
export function createHistoryStore(database: Database): HistoryStore {
  return {
    recentTrainings: (device) => database.rows(trainingRow, trainingsOn(device)),

    async earlierScores({ baseline, dataset, split }) {
      const rows = await database.rows(scoresRow, scoresOf(baseline, dataset, JSON.stringify(split)));
      return rows.map(({ searchId, candidates }): EarlierScores => ({
        searchId,
        candidates: candidates.map(
          (accuracies) => new Map(Object.entries(accuracies).map(([seed, accuracy]) => [Number(seed), accuracy])),
        ),
      }));
    },
  };
}

/** A resumed trial, or one taken over from another search or trained elsewhere, says nothing about speed. */
function trainingsOn(device: string): Prisma.Sql {
  return Prisma.sql`
    SELECT candidate.macs * (recent.result ->> 'steps')::float8
             * (search.request #>> '{recipe,batchSize}')::float8 AS "macsTimesImages",
           extract(epoch FROM recent.started_at)::float8 * 1000 AS "startedAt",
           extract(epoch FROM recent.ended_at)::float8 * 1000 AS "endedAt"
    FROM (SELECT * FROM trial
          WHERE state = 'completed' AND purpose = 'ranking' AND attempt = 1 AND taken_over_from IS NULL AND NOT external
            AND started_at IS NOT NULL AND ended_at > started_at
          ORDER BY sequence DESC LIMIT ${recentTrials}) recent
    JOIN candidate ON candidate.id = recent.candidate_id
    JOIN search ON search.id = recent.search_id
    WHERE search.request ->> 'device' = ${device}`;
}

function scoresOf(baseline: string, dataset: string, split: string): Prisma.Sql {
  return Prisma.sql`
    SELECT earlier.id::text AS "searchId", json_agg(candidate.accuracies ORDER BY candidate.ordinal) AS candidates
    FROM (SELECT id, sequence FROM search
          WHERE state IN ('completed', 'completed_with_failures') AND network ->> 'name' = ${baseline}
            AND request ->> 'dataset' = ${dataset} AND request -> 'split' = ${split}::jsonb
          ORDER BY sequence DESC LIMIT ${recentSearches}) earlier
    JOIN candidate ON candidate.search_id = earlier.id
    GROUP BY earlier.id, earlier.sequence ORDER BY earlier.sequence DESC`;
}
