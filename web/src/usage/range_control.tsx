// Chooses the days of a report: a usual stretch, or two days by hand.
import {presets, type Preset} from '../lib/ranges';
import {Select} from '../ui/field';
import type {RangeChoice, RangeState} from './use_range';

const options: [RangeChoice, string][] = [
  ...(Object.entries(presets) as [Preset, string][]),
  ['custom', 'Between two days…'],
];

export function RangeControl({state, today}: {state: RangeState; today: string}) {
  const {choice, range, choose, setDays} = state;
  return (
    <div class="toolbar">
      <Select aria-label="Time" value={choice} onValue={choose} options={options} />
      {choice === 'custom' && (
        <>
          <input
            class="input"
            type="date"
            aria-label="First day"
            value={range.from}
            max={range.to}
            onChange={event =>
              event.currentTarget.value && setDays({...range, from: event.currentTarget.value})
            }
          />
          <span class="muted">to</span>
          <input
            class="input"
            type="date"
            aria-label="Last day"
            value={range.to}
            min={range.from}
            max={today}
            onChange={event =>
              event.currentTarget.value && setDays({...range, to: event.currentTarget.value})
            }
          />
        </>
      )}
    </div>
  );
}
