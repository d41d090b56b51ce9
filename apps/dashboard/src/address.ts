/** The tabs of a search, in the order in which they stand. */
export const tabs = ['overview', 'candidates', 'trials', 'answer', 'request'] as const;
export type Tab = (typeof tabs)[number];

/** What the page shows. All of it stands in the address, so that a link shows the same to somebody else. */
export type Place =
  | { readonly page: 'searches' }
  | { readonly page: 'new'; readonly from: string | undefined }
  | {
      readonly page: 'search';
      readonly id: string;
      readonly tab: Tab;
      /** The candidate that is marked in every picture. */
      readonly candidate: string | undefined;
      /** The trial whose curve is shown. */
      readonly trial: string | undefined;
    }
  | { readonly page: 'nowhere' };

/** Reads the part of an address behind its `#`. */
export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  const [first = '', ...rest] = path.split('/').map(decoded);
  if (first === 'searches') return parseSearchPlace(rest, parameters);
  if (rest.length > 0) return { page: 'nowhere' };
  if (first === 'new') return { page: 'new', from: parameters.get('from') ?? undefined };
  return { page: first === '' ? 'searches' : 'nowhere' };
}

function parseSearchPlace(
  [id = '', last = 'overview', ...rest]: readonly string[],
  parameters: URLSearchParams,
): Place {
  const tab = tabs.find((one) => one === last);
  if (id === '' || tab === undefined || rest.length > 0) return { page: 'nowhere' };
  const given = (name: string): string | undefined => parameters.get(name) ?? undefined;
  return { page: 'search', id, tab, candidate: given('candidate'), trial: given('trial') };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The same place as an address; what is as it is without saying is left out. */
export function hashOf(place: Place): string {
  if (place.page === 'new') return `#/new${queryOf({ from: place.from })}`;
  if (place.page !== 'search') return '#/';
  const { id, tab, candidate, trial } = place;
  const end = tab === 'overview' ? '' : `/${tab}`;
  return `#/searches/${encodeURIComponent(id)}${end}${queryOf({ candidate, trial })}`;
}

function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** Where a search is looked at. */
export type SearchPlace = Extract<Place, { page: 'search' }>;

/** A search as it is first looked at. */
export function searchPlace(id: string, tab: Tab = 'overview'): SearchPlace {
  return { page: 'search', id, tab, candidate: undefined, trial: undefined };
}
