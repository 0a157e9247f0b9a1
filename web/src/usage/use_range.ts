// The days that are asked for, kept in the address.
import {isDay, rangeOf, type DayRange, type Preset, presets} from '../lib/ranges';
import {navigate, usePlace} from '../lib/router';

export type RangeChoice = Preset | 'custom';

export interface RangeState {
  choice: RangeChoice;
  range: DayRange;
  choose: (choice: RangeChoice) => void;
  setDays: (range: DayRange) => void;
}

function write(values: Record<string, string | undefined>): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  navigate(location.pathname + (text ? `?${text}` : ''), 'replace');
}

export function useRange(today: string, initial: Preset): RangeState {
  const {search} = usePlace();
  const from = search.get('from');
  const to = search.get('to');
  const named = search.get('range');
  const setDays = (range: DayRange) => write({range: undefined, ...range});
  if (isDay(from) && isDay(to) && from <= to) {
    const choose = (choice: RangeChoice) =>
      choice !== 'custom' && write({from: undefined, to: undefined, range: choice});
    return {choice: 'custom', range: {from, to}, choose, setDays};
  }
  const choice = named && named in presets ? (named as Preset) : initial;
  const range = rangeOf(choice, today);
  const choose = (next: RangeChoice) => (next === 'custom' ? setDays(range) : write({range: next}));
  return {choice, range, choose, setDays};
}
