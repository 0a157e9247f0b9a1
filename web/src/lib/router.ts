// Places of the page are paths; the history of the browser is the only state. Links are plain links, so that a new tab,
// a bookmark and the back button work.
import {useEffect, useState} from 'preact/hooks';

const changed = new EventTarget();

export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  changed.dispatchEvent(new Event('change'));
}

/** Follows links within the page without asking the server for it again. */
export function followLinks(): void {
  document.addEventListener('click', event => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.target as Element).closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (/^\/(api|v1|metrics|health)(\/|$)/.test(link.pathname)) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    navigate(link.pathname + link.search + link.hash);
  });
}

export interface Place {
  path: string;
  search: URLSearchParams;
}

function here(): Place {
  return {path: location.pathname.replace(/(.)\/+$/, '$1'), search: new URLSearchParams(location.search)};
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const update = () => setPlace(here());
    window.addEventListener('popstate', update);
    changed.addEventListener('change', update);
    return () => {
      window.removeEventListener('popstate', update);
      changed.removeEventListener('change', update);
    };
  }, []);
  return place;
}

/** A value kept in the address (?name=value), so that a reload and a shared link show the same. */
export function useSearch(name: string, initial: string): [string, (value: string) => void] {
  const {search} = usePlace();
  const set = (value: string) => {
    const next = new URLSearchParams(location.search);
    if (value === initial) next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    navigate(location.pathname + (text ? `?${text}` : ''), 'replace');
  };
  return [search.get(name) ?? initial, set];
}
