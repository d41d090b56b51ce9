import { useEffect, useState } from 'preact/hooks';

import { hashOf, parsePlace, type Place } from './address.ts';
import { NewSearchPage } from './pages/new-search.tsx';
import { SearchPage } from './pages/search.tsx';
import { SearchesPage } from './pages/searches.tsx';
import { ThemeSwitch } from './parts/theme-switch.tsx';
import { isSignedIn, signOut } from './service.ts';

function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onChange = (): void => setHash(location.hash);
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return parsePlace(hash);
}

/** The page: what it shows stands in the address. */
export function App() {
  const place = usePlace();
  // A key that was given or forgotten is another service as far as the page knows: all is read anew.
  const [session, setSession] = useState(0);
  const renew = (): void => setSession(session + 1);
  return (
    <>
      <header class="top">
        <a class="brand" href="#/">
          compound-search
        </a>
        <nav aria-label="Main">
          <a href="#/" aria-current={place.page === 'searches' ? 'page' : undefined}>
            Searches
          </a>
          <a href={hashOf({ page: 'new', from: undefined })} aria-current={place.page === 'new' ? 'page' : undefined}>
            New search
          </a>
          <a href="docs">API</a>
        </nav>
        {isSignedIn() && (
          <button
            type="button"
            onClick={() => {
              signOut();
              renew();
            }}
          >
            Sign out
          </button>
        )}
        <ThemeSwitch />
      </header>
      <main key={session}>
        <Shown place={place} onSignIn={renew} />
      </main>
    </>
  );
}

function Shown({ place, onSignIn }: { readonly place: Place; readonly onSignIn: () => void }) {
  switch (place.page) {
    case 'searches':
      return <SearchesPage onSignIn={onSignIn} />;
    case 'new':
      return <NewSearchPage key={place.from} from={place.from} onSignIn={onSignIn} />;
    case 'search':
      return <SearchPage key={place.id} place={place} onSignIn={onSignIn} />;
    case 'nowhere':
      return (
        <section class="card">
          <h1>There is nothing at this address</h1>
          <p>
            The link may be cut off. <a href="#/">All searches</a>
          </p>
        </section>
      );
  }
}
