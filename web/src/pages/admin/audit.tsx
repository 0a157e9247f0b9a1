// The audit log: who changed what, when and from where.
import {useMemo, useState} from 'preact/hooks';
import {get} from '../../api/client';
import type {AuditEntry} from '../../api/types';
import {useLoad, usePages} from '../../api/use_load';
import {useSearch} from '../../lib/router';
import {useSite} from '../../lib/site';
import {Button} from '../../ui/button';
import {Dialog} from '../../ui/dialog';
import {Select} from '../../ui/field';
import {Page} from '../../ui/page';
import {Empty} from '../../ui/states';
import {PagedTable, type Column} from '../../ui/table';
import {RangeControl} from '../../usage/range_control';
import {useRange} from '../../usage/use_range';

const actions = [
  ['', 'Every action'],
  ['key.', 'Keys'],
  ['session.', 'Signing in and out'],
  ['password.', 'Passwords'],
  ['account.', 'Own accounts'],
  ['user.', 'Accounts of others'],
  ['invitation.', 'Invitations'],
  ['credit.', 'Credits'],
] as const;

function inShort(details: AuditEntry['details']): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

export default function Audit() {
  const {today, moment} = useSite();
  const range = useRange(today, '30d');
  const [action, setAction] = useSearch('action', '');
  const [actor, setActor] = useSearch('actor', '');
  const [open, setOpen] = useState<AuditEntry>();
  const users = useLoad(signal => get('/api/admin/users', {query: {limit: 200}, signal}), []);
  const emails = useMemo(
    () => (users.data?.data ?? []).map(user => [user.id, user.email] as const),
    [users.data],
  );
  const pages = usePages(
    (after, signal) =>
      get('/api/admin/audit', {
        query: {after, limit: 50, ...range.range, action: action || undefined, actor: actor || undefined},
        ...(signal ? {signal} : {}),
      }),
    [range.range.from, range.range.to, action, actor],
  );
  const columns: Column<AuditEntry>[] = [
    {
      title: 'When',
      head: true,
      cell: entry => (
        <button type="button" class="link-button nowrap num" onClick={() => setOpen(entry)}>
          {moment(entry.at)}
        </button>
      ),
    },
    {
      title: 'Who',
      cell: entry => (
        <div class="name-cell plain">
          <span class="truncate" title={entry.actor}>
            {entry.actor}
          </span>
        </div>
      ),
    },
    {title: 'What', cell: entry => <code class="nowrap cell-link">{entry.action}</code>},
    {
      title: 'On',
      hideSmall: true,
      cell: entry =>
        entry.target ? (
          <code class="truncate cell-link" title={entry.target}>
            {entry.target}
          </code>
        ) : (
          <span class="muted">–</span>
        ),
    },
    {title: 'From', hideSmall: true, cell: entry => <span class="nowrap">{entry.address || '–'}</span>},
    {title: 'Details', cell: entry => <span class="muted small clip">{inShort(entry.details)}</span>},
  ];
  return (
    <Page
      title="Audit log"
      lead="Every change, with who made it and from where. Entries cannot be changed here.">
      <div class="toolbar">
        <RangeControl state={range} today={today} />
        <Select
          aria-label="Action"
          value={action as (typeof actions)[number][0]}
          onValue={setAction}
          options={actions}
        />
        <Select
          aria-label="Who"
          value={actor}
          onValue={setActor}
          options={[['', 'Everybody'], ...emails]}
          class="input select-narrow"
        />
      </div>
      <div class="card">
        <PagedTable
          label="Changes"
          noun="entries"
          dense
          pages={pages}
          columns={columns}
          id={entry => entry.id}
          empty={
            <Empty icon="list" title="Nothing was changed">
              None of the changes in this time match.
            </Empty>
          }
        />
      </div>
      {open && (
        <Dialog
          title={open.action}
          lead={moment(open.at)}
          onClose={() => setOpen(undefined)}
          onSubmit={() => setOpen(undefined)}
          foot={<Button type="submit">Close</Button>}>
          <dl class="facts">
            <dt>Who</dt>
            <dd>{open.actor}</dd>
            <dt>On</dt>
            <dd>{open.target ? <code>{open.target}</code> : '–'}</dd>
            <dt>From</dt>
            <dd>{open.address || '–'}</dd>
          </dl>
          <div class="code">
            <pre tabIndex={0} aria-label="Details">
              <code>{JSON.stringify(open.details, null, 2)}</code>
            </pre>
          </div>
        </Dialog>
      )}
    </Page>
  );
}
