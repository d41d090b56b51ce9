import type { SearchView } from '@compound-search/contracts';

import { hashOf } from '../address.ts';
import { CopyButton } from '../parts/copy-button.tsx';

/** The request with its defaults filled in, as it can be posted again. */
export function RequestTab({ search }: { readonly search: SearchView }) {
  const json = JSON.stringify(search.request, null, 2);
  return (
    <section class="card">
      <div class="row">
        <h2>The request, with its defaults filled in</h2>
        <a class="button" href={hashOf({ page: 'new', from: search.id })}>
          New search from this
        </a>
        <CopyButton text={json} label="Copy JSON" source="request-json" />
      </div>
      <pre id="request-json" class="scroll tall" tabindex={0}>
        {json}
      </pre>
    </section>
  );
}
