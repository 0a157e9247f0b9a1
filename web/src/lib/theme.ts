// Light or dark: as the system has it, unless a person chose. Kept in this browser alone.
export type Theme = 'system' | 'light' | 'dark';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage can be forbidden
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // it holds until the page is left
  }
}

let theme = (read('theme') as Theme | null) ?? 'system';

function apply(): void {
  document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  for (const listener of listeners) listener();
}

export function startTheme(): void {
  dark.addEventListener('change', apply);
  apply();
}

export function currentTheme(): Theme {
  return theme;
}

export function setTheme(next: Theme): void {
  theme = next;
  write('theme', next);
  apply();
}

/** Charts draw with colours of their own and must hear of a change. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export type ZoneChoice = 'ledger' | 'browser';
let zone = (read('zone') as ZoneChoice | null) ?? 'ledger';

export function zoneChoice(): ZoneChoice {
  return zone;
}

export function setZoneChoice(next: ZoneChoice): void {
  zone = next;
  write('zone', next);
}
