// Prepaid lots in the order in which they are consumed, each with how much of it is gone.
import type {Lot} from '../api/types';
import {micros} from '../lib/money';
import {useSite} from '../lib/site';
import {Badge, Bar, When} from '../ui/bits';
import {Table, type Column} from '../ui/table';

const states = {
  active: ['good', 'Open'],
  consumed: ['plain', 'Used up'],
  expired: ['warn', 'Expired'],
} as const;

export function LotTable({lots, busy}: {lots: Lot[] | undefined; busy: boolean}) {
  const {money, instant} = useSite();
  const columns: Column<Lot>[] = [
    {
      title: 'Added',
      head: true,
      by: lot => lot.added_at,
      cell: lot => (
        <div class="name-cell">
          <span class="nowrap">{instant(lot.added_at)}</span>
          {lot.note && (
            <small class="truncate" title={lot.note}>
              {lot.note}
            </small>
          )}
        </div>
      ),
    },
    {
      title: 'State',
      by: lot => lot.state,
      cell: lot => (
        <Badge dot tone={states[lot.state][0]}>
          {states[lot.state][1]}
        </Badge>
      ),
    },
    {
      title: 'Consumed',
      cell: lot => (
        <div class="share">
          <span class="nowrap num">
            <span title={lot.consumed}>{money(lot.consumed)}</span>{' '}
            <span class="muted">of {money(lot.amount)}</span>
          </span>
          <Bar plain part={micros(lot.consumed)} whole={micros(lot.amount)} label="Consumed" />
        </div>
      ),
    },
    {
      title: 'Left',
      right: true,
      by: lot => micros(lot.remaining),
      cell: lot => <span title={lot.remaining}>{money(lot.state === 'expired' ? '0' : lot.remaining)}</span>,
    },
    {title: 'Expires', by: lot => lot.expires_at ?? '9999', cell: lot => <When at={lot.expires_at} />},
  ];
  return (
    <Table
      label="Lots, in the order of consumption"
      busy={busy}
      columns={columns}
      rows={lots}
      id={lot => lot.id}
    />
  );
}
