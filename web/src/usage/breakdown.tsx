// Who took how much of what was spent: one row for each model, key, provider or account.
import type {UsageGroup} from '../api/types';
import {micros} from '../lib/money';
import {compact, count, milliseconds, percent} from '../lib/numbers';
import {useSite} from '../lib/site';
import {Bar} from '../ui/bits';
import {Table, type Column} from '../ui/table';
import {tokensOf} from '../ui/usage_chart';

export type GroupBy = 'model' | 'key' | 'provider' | 'account';

export const groupWords: Record<GroupBy, string> = {
  model: 'Model',
  key: 'Key',
  provider: 'Provider',
  account: 'Account',
};

interface BreakdownProps {
  summary: {total: {cost: string}; data: UsageGroup[]};
  by: GroupBy;
  busy?: boolean;
}

function nameOf(row: UsageGroup, by: GroupBy) {
  const words = row.label || row.name || '(none)';
  return (
    <div class="name-cell">
      {by === 'key' && row.name ? (
        <a class="truncate" href={`/keys/${row.name}`}>
          {words}
        </a>
      ) : (
        <span class="truncate" title={words}>
          {words}
        </span>
      )}
    </div>
  );
}

export function BreakdownTable({summary, by, busy}: BreakdownProps) {
  const {money} = useSite();
  const whole = micros(summary.total.cost);
  const columns: Column<UsageGroup>[] = [
    {title: groupWords[by], head: true, by: row => row.label.toLowerCase(), cell: row => nameOf(row, by)},
    {
      title: 'Share',
      hideSmall: true,
      cell: row => (
        <div class="share">
          <Bar plain part={micros(row.cost)} whole={whole} label="Share of the spend" />
        </div>
      ),
    },
    {
      title: 'Spend',
      right: true,
      by: row => micros(row.cost),
      cell: row => <span title={row.cost}>{money(row.cost)}</span>,
    },
    {title: 'Requests', right: true, by: row => row.requests, cell: row => count(row.requests)},
    {
      title: 'Failed',
      right: true,
      hideSmall: true,
      by: row => row.failed,
      cell: row => <span title={count(row.failed)}>{percent(row.failed, row.requests)}</span>,
    },
    {
      title: 'Tokens',
      right: true,
      by: tokensOf,
      cell: row => <span title={count(tokensOf(row))}>{compact(tokensOf(row))}</span>,
    },
    {
      title: 'Median',
      right: true,
      hideSmall: true,
      by: row => row.latency.p50_ms ?? 0,
      cell: row => milliseconds(row.latency.p50_ms),
    },
  ];
  return (
    <Table
      label={`Use by ${groupWords[by].toLowerCase()}`}
      dense
      busy={busy ?? false}
      columns={columns}
      rows={summary.data}
      id={row => row.name}
    />
  );
}
