import { useState } from 'preact/hooks';

import { hashOf, type SearchPlace } from '../address.ts';
import { describeError } from '../formatting/words.ts';
import { service } from '../service.ts';

/** Repeats a completed trial from its record, and goes to the repetition. */
export function RerunButton({ trialId, place }: { readonly trialId: string; readonly place: SearchPlace }) {
  const [error, setError] = useState<unknown>(undefined);
  const rerun = async (): Promise<void> => {
    setError(undefined);
    try {
      const { id } = await service().rerun(trialId);
      location.hash = hashOf({ ...place, trial: id });
    } catch (refusal) {
      setError(refusal);
    }
  };
  return (
    <div class="verbs">
      <button type="button" onClick={() => void rerun()}>
        Run again
      </button>
      {error !== undefined && <span role="alert">{describeError(error).title}</span>}
    </div>
  );
}
