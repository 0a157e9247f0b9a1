// API keys: all of them, with what they may and what they have used.
import {useState} from 'preact/hooks';
import {get} from '../api/client';
import type {ApiKey, KeySort, KeyState} from '../api/types';
import {useLoad, usePages} from '../api/use_load';
import {CreateKeyDialog} from '../keys/key_dialogs';
import {KeyStateBadge, maskedKey} from '../keys/key_state';
import {useKeyActions} from '../keys/use_key_actions';
import {micros} from '../lib/money';
import {count} from '../lib/numbers';
import {useSearch} from '../lib/router';
import {useSite} from '../lib/site';
import {Bar, useSettled, When} from '../ui/bits';
import {Button} from '../ui/button';
import {SearchBox, Select} from '../ui/field';
import {Menu} from '../ui/menu';
import {Page} from '../ui/page';
import {useScope} from '../ui/scope';
import {Empty} from '../ui/states';
import {orderOf, PagedTable, textOf, type Column} from '../ui/table';

const states = [
  ['', 'Every state'],
  ['active', 'Active'],
  ['expired', 'Expired'],
  ['disabled', 'Disabled'],
  ['revoked', 'Revoked'],
] as const;

/** For a phone, where the table has no headings to press. */
const orders = [
  ['', 'Newest first'],
  ['name', 'By name'],
  ['-spent', 'Most spent'],
  ['-requests', 'Most requests'],
  ['-last_used_at', 'Used last'],
  ['expires_at', 'Expires first'],
] as const;

export const periodWords = {
  none: 'in all',
  daily: 'today',
  weekly: 'this week',
  monthly: 'this month',
} as const;

function Spend({apiKey}: {apiKey: ApiKey}) {
  const {money, round} = useSite();
  if (apiKey.budget_decimal === null) return <span title={apiKey.spent}>{money(apiKey.spent)}</span>;
  const spent = micros(apiKey.spent_in_period);
  const budget = micros(apiKey.budget_decimal);
  return (
    <div class="share">
      <span class="nowrap num">
        <span title={apiKey.spent_in_period}>{money(apiKey.spent_in_period)}</span>{' '}
        <span class="muted">of {round(apiKey.budget_decimal)}</span>
      </span>
      <Bar part={spent} whole={budget} label={`Budget ${periodWords[apiKey.budget_period]}`} />
    </div>
  );
}

type Emails = ReadonlyMap<string, string>;

function columnsOf(actions: ReturnType<typeof useKeyActions>, emails: Emails | undefined): Column<ApiKey>[] {
  return [
    {
      title: 'Name',
      head: true,
      sort: 'name',
      cell: key => (
        <div class="name-cell">
          <a class="truncate" href={`/keys/${key.id}`}>
            {key.name}
          </a>
          <small class="mono">{maskedKey(key)}</small>
          {emails && <small class="truncate">{emails.get(key.account_id) ?? key.account_id}</small>}
        </div>
      ),
    },
    {title: 'State', cell: key => <KeyStateBadge state={key.state} />},
    {title: 'Spend', sort: 'spent', cell: key => <Spend apiKey={key} />},
    {
      title: 'Rate',
      right: true,
      hideSmall: true,
      sort: 'rate_limit',
      cell: key => (
        <>
          {count(key.rate_limit)}
          <span class="muted"> / min</span>
        </>
      ),
    },
    {
      title: 'Requests',
      right: true,
      hideSmall: true,
      sort: 'requests',
      cell: key => count(key.requests),
    },
    {title: 'Last used', sort: 'last_used_at', cell: key => <When at={key.last_used_at} />},
    {
      title: 'Expires',
      hideSmall: true,
      sort: 'expires_at',
      cell: key => <When at={key.expires_at} />,
    },
    {
      title: 'Actions',
      hideTitle: true,
      right: true,
      cell: key =>
        key.state === 'revoked' ? null : (
          <Menu label={`Actions for ${key.name}`} items={actions.items(key)} />
        ),
    },
  ];
}

/** Addresses of accounts by their ids, for administrators who look at the keys of others. */
function useEmails(wanted: boolean): Emails {
  const users = useLoad(
    async signal => (wanted ? (await get('/api/admin/users', {query: {limit: 200}, signal})).data : []),
    [wanted],
  );
  return new Map(users.data?.map(user => [user.id, user.email]));
}

export default function Keys() {
  const scope = useScope();
  const [search, setSearch] = useState('');
  const [state, setState] = useSearch('state', '');
  const [sorted, setSorted] = useSearch('sort', '');
  const order = orderOf(sorted);
  const [create, setCreate] = useSearch('create', '');
  const settled = useSettled(search.trim());
  const pages = usePages(
    (after, signal) =>
      get('/api/api-keys', {
        query: {
          after,
          limit: 100,
          search: settled,
          state: (state || undefined) as KeyState | undefined,
          sort: order?.name as KeySort | undefined,
          order: order && (order.down ? 'desc' : 'asc'),
          account_id: scope.account,
        },
        ...(signal ? {signal} : {}),
      }),
    [settled, state, sorted, scope.account],
  );
  const emails = useEmails(scope.all);
  const actions = useKeyActions(pages.reload);
  const filtered = settled !== '' || state !== '';
  const empty = filtered ? (
    <Empty
      icon="search"
      title="No key matches"
      action={
        <Button
          onClick={() => {
            setSearch('');
            setState('');
          }}>
          Clear the filters
        </Button>
      }>
      Search looks at names, and at how a key begins.
    </Empty>
  ) : (
    <Empty
      icon="key"
      title="No keys yet"
      action={
        <Button look="primary" icon="plus" onClick={() => setCreate('1')}>
          Create New Key
        </Button>
      }>
      A key is what a program shows to be let in. Give each program its own, with limits of its own.
    </Empty>
  );
  return (
    <Page
      title="API keys"
      lead="What programs use to call models through this gateway."
      actions={
        <>
          {scope.control}
          <Button look="primary" icon="plus" onClick={() => setCreate('1')}>
            Create New Key
          </Button>
        </>
      }>
      <div class="toolbar">
        <SearchBox label="Search by name or beginning" value={search} onValue={setSearch} />
        <Select
          aria-label="State"
          value={state as (typeof states)[number][0]}
          onValue={setState}
          options={states}
        />
        <Select
          class="input when-folded"
          aria-label="Order"
          value={sorted as (typeof orders)[number][0]}
          onValue={setSorted}
          options={orders}
        />
      </div>
      <div class="card">
        <PagedTable
          label="API keys"
          noun={pages.data?.length === 1 ? 'key' : 'keys'}
          pages={pages}
          columns={columnsOf(actions, scope.all ? emails : undefined)}
          id={key => key.id}
          empty={empty}
          order={order}
          onOrder={next => setSorted(textOf(next))}
        />
      </div>
      {create && (
        <CreateKeyDialog
          owner={scope.account === 'all' ? undefined : scope.account}
          onClose={() => setCreate('')}
          onCreated={key => {
            setCreate('');
            actions.reveal(key, false);
          }}
        />
      )}
      {actions.dialogs}
    </Page>
  );
}
