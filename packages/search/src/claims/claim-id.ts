import { CompoundSearchError } from '@compound-search/contracts';
import type { Attempt } from '@compound-search/store';

/** A claim as its holder names it: the trial, and the token that only the holder has. */
export function toClaimId({ trialId, token }: Attempt): string {
  return `${trialId}.${token}`;
}

/** A text that no claim has been answered with names an attempt that there is not. */
export function parseClaimId(claim: string): Attempt {
  const [trialId = '', token = ''] = claim.split('.', 2);
  return { trialId, token };
}

/** What a worker is told that goes on with a trial which it does not hold any more. */
export function claimOver(state: 'lost' | 'cancelled'): CompoundSearchError {
  return state === 'cancelled'
    ? new CompoundSearchError('CLAIM_OVER', 'The trial was cancelled or deleted', {
        field: 'claim',
        remedy: 'Stop the training, and claim another trial.',
      })
    : new CompoundSearchError(
        'CLAIM_OVER',
        'The claim has ended, or its lease has run out and the trial is for others',
        {
          field: 'claim',
          remedy: 'Stop the training, and claim another trial; tell of progress more often than leaseSeconds.',
        },
      );
}
