import {
  type Coefficients,
  coefficientsSchema,
  type Leaderboard,
  leaderboardSchema,
  type SearchRequestInput,
  type SearchView,
} from '@compound-search/contracts';
import { reconcile } from '@compound-search/search';
import { pino } from 'pino';
import { expect } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import type { TestService } from '../service.ts';

/** Posts searches, moves them on and reads what they come to, over HTTP. */
export function searchResults(service: () => TestService) {
  return {
    post: async (changes: Partial<SearchRequestInput> = {}): Promise<SearchView> => {
      const payload = sampleRequest(changes);
      return (await service().app.inject({ method: 'POST', url: '/v1/searches', payload })).json<SearchView>();
    },
    advance: () => reconcile({ store: service().store, queue: service().queue, log: pino({ level: 'silent' }) }),
    leaderboard: async (id: string): Promise<Leaderboard> => {
      const response = await service().app.inject(`/v1/searches/${id}/leaderboard`);
      expect(response.statusCode).toBe(200);
      return leaderboardSchema.parse(response.json());
    },
    coefficients: async (id: string): Promise<Coefficients> => {
      const response = await service().app.inject(`/v1/searches/${id}/coefficients`);
      expect(response.statusCode).toBe(200);
      return coefficientsSchema.parse(response.json());
    },
  };
}
