// The two halves of the usage page.
import {usePlace} from '../lib/router';

export function UsageTabs() {
  const {path, search} = usePlace();
  const kept = new URLSearchParams();
  for (const name of ['range', 'from', 'to', 'scope']) {
    const value = search.get(name);
    if (value) kept.set(name, value);
  }
  const query = kept.toString() ? `?${kept}` : '';
  const tabs = [
    ['/usage', 'Summary'],
    ['/usage/requests', 'Request log'],
  ] as const;
  return (
    <nav class="tabs" aria-label="Usage">
      {tabs.map(([href, words]) => (
        <a key={href} href={href + query} aria-current={path === href ? 'page' : undefined}>
          {words}
        </a>
      ))}
    </nav>
  );
}
