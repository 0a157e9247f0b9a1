// Counts and shares for reading.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});

export function count(value: number | null | undefined): string {
  return value == null ? '–' : whole.format(value);
}

/** 1.2K, 3.4M */
export function compact(value: number): string {
  return Math.abs(value) < 10_000 ? whole.format(value) : short.format(value);
}

/** "3 requests", "1 request" */
export function plural(value: number, noun: string, nouns = `${noun}s`): string {
  return `${whole.format(value)} ${value === 1 ? noun : nouns}`;
}

export function percent(part: number, all: number): string {
  if (all === 0) return '0%';
  const share = (part / all) * 100;
  if (share > 0 && share < 0.1) return '<0.1%';
  return `${share.toFixed(share < 10 && share > 0 ? 1 : 0)}%`;
}

export function milliseconds(value: number | null | undefined): string {
  if (value == null) return '–';
  if (value === 0) return '<1 ms';
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`;
}
