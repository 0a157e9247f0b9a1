// The stretches of days that reports are asked for. Both ends are days of the ledger's zone and belong to it.
import {addDays, daysBetween} from './time';

export interface DayRange {
  from: string;
  to: string;
}

export const presets = {
  today: 'Today',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  month: 'This month',
} as const;
export type Preset = keyof typeof presets;

export function rangeOf(preset: Preset, today: string): DayRange {
  switch (preset) {
    case 'today':
      return {from: today, to: today};
    case '7d':
      return {from: addDays(today, -6), to: today};
    case '30d':
      return {from: addDays(today, -29), to: today};
    case '90d':
      return {from: addDays(today, -89), to: today};
    case 'month':
      return {from: `${today.slice(0, 8)}01`, to: today};
  }
}

export function isDay(text: string | null | undefined): text is string {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Hours are worth drawing for a few days, days beyond. */
export function bucketOf(range: DayRange): 'hour' | 'day' {
  return daysBetween(range.from, range.to) < 3 ? 'hour' : 'day';
}

export function daysOf(range: DayRange): string[] {
  const days: string[] = [];
  for (let day = range.from; day <= range.to && days.length < 800; day = addDays(day, 1)) days.push(day);
  return days;
}
