// Instants in a named time zone. Days of budgets and reports are days of the ledger's zone, wherever the reader is.

/** "2026-11-26" in the zone. */
export function dayOf(instant: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return parts.format(instant);
}

/** Days are counted on the calendar, in UTC, so that no clock change can add or lose one. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** Minutes that the zone is ahead of UTC at this instant. */
export function zoneOffset(instant: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find(item => item.type === type)?.value);
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return Math.round((wall - Math.floor(instant.getTime() / 1000) * 1000) / 60_000);
}

/** The instant at which a day begins in the zone. */
export function startOfDay(day: string, zone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const guess = new Date(midnight - zoneOffset(new Date(midnight), zone) * 60_000);
  return new Date(midnight - zoneOffset(guess, zone) * 60_000);
}

function format(instant: string | Date, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', {timeZone: zone, hourCycle: 'h23', ...options}).format(
    new Date(instant),
  );
}

/** "26 Nov 2026" */
export function formatDate(instant: string | Date, zone: string): string {
  return format(instant, zone, {day: 'numeric', month: 'short', year: 'numeric'});
}

/** "26 Nov 2026, 14:05" */
export function formatInstant(instant: string | Date, zone: string): string {
  return format(instant, zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** "26 Nov, 14:05:09" */
export function formatMoment(instant: string | Date, zone: string): string {
  return format(instant, zone, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

/** "26 Nov" of a calendar day */
export function formatDay(day: string): string {
  return format(`${day}T12:00:00Z`, 'UTC', {day: 'numeric', month: 'short'});
}

export function formatHour(instant: string | Date, zone: string): string {
  return format(instant, zone, {hour: '2-digit', minute: '2-digit'});
}

const steps: [number, Intl.RelativeTimeFormatUnit][] = [
  [60, 'second'],
  [60, 'minute'],
  [24, 'hour'],
  [7, 'day'],
  [4.35, 'week'],
  [12, 'month'],
  [Infinity, 'year'],
];

/** "2 hours ago", "in 3 days", "now" */
export function relative(instant: string | Date, now: Date): string {
  let value = (new Date(instant).getTime() - now.getTime()) / 1000;
  if (Math.abs(value) < 10) return 'now';
  // "In 1 month", not "next month": that could be any day of it.
  const words = new Intl.RelativeTimeFormat('en', {numeric: 'always'});
  for (const [length, unit] of steps) {
    const rounded = Math.round(value);
    if (Math.abs(rounded) < length) return words.format(rounded, unit);
    value /= length;
  }
  return '';
}

/** "IST", "UTC+5:30" or what the browser calls it. */
export function zoneName(zone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', {timeZone: zone, timeZoneName: 'short'}).formatToParts(now);
  return parts.find(item => item.type === 'timeZoneName')?.value ?? zone;
}
