import {
  type ClaimAnswer,
  claimAnswerSchema,
  type ClaimEnd,
  claimEndSchema,
  type ClaimProgress,
  type ClaimRequest,
  type ClaimResult,
  type ClaimState,
  claimStateSchema,
  type Epoch,
} from '@compound-search/contracts';

import { repeatablePost, send, sendForNothing, type Transport } from './transport.ts';

/** For workers that train elsewhere: what there is to train, and what it came to. */
export interface ClaimMethods {
  /** A trial of a search whose trainings are external, held by lease; null where none waits. Sent again it is the same. */
  claimTrial(request: ClaimRequest): Promise<ClaimAnswer['claimed']>;
  /** A sign of life. Stop the training where the state is not `held`. */
  holdClaim(claim: string, progress?: ClaimProgress): Promise<ClaimState>;
  /** Adds a point to the learning curve; ApiError CLAIM_OVER. */
  tellEpoch(claim: string, epoch: Epoch): Promise<ClaimState>;
  /** What the trial came to; ApiError RESULT_INVALID or CLAIM_OVER. */
  endClaim(claim: string, result: ClaimResult): Promise<ClaimEnd>;
  /** Gives the trial back unfinished; ApiError CLAIM_OVER. */
  releaseClaim(claim: string): Promise<void>;
}

export function claimMethods(transport: Transport): ClaimMethods {
  const path = (claim: string, what: string): string => `v1/claims/${encodeURIComponent(claim)}/${what}`;
  return {
    claimTrial: async (request) => {
      const { waitSeconds = 0, token = crypto.randomUUID() } = request;
      const patient = { ...transport, timeoutMilliseconds: transport.timeoutMilliseconds + 1000 * waitSeconds };
      const call = { ...repeatablePost, path: 'v1/claims', body: { ...request, token } };
      return (await send(patient, call, claimAnswerSchema)).claimed;
    },
    holdClaim: (claim, progress = {}) =>
      send(transport, { ...repeatablePost, path: path(claim, 'progress'), body: progress }, claimStateSchema),
    tellEpoch: (claim, epoch) =>
      send(transport, { ...repeatablePost, path: path(claim, 'epochs'), body: epoch }, claimStateSchema),
    endClaim: (claim, result) =>
      send(transport, { ...repeatablePost, path: path(claim, 'result'), body: result }, claimEndSchema),
    releaseClaim: (claim) => sendForNothing(transport, { ...repeatablePost, path: path(claim, 'release') }),
  };
}
