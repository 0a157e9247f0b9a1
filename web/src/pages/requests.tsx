// The log of calls with its filters.
import {get} from '../api/client';
import {useLoad} from '../api/use_load';
import {useSearch} from '../lib/router';
import {useSite} from '../lib/site';
import {Select} from '../ui/field';
import {Page} from '../ui/page';
import {useScope} from '../ui/scope';
import {ExportMenu} from '../usage/export_menu';
import {RangeControl} from '../usage/range_control';
import {RequestTable} from '../usage/request_table';
import {UsageTabs} from '../usage/tabs';
import {useKeyNames} from '../usage/use_keys';
import {useRange, type RangeState} from '../usage/use_range';

const statuses = [
  ['', 'Every status'],
  ['ok', 'Succeeded'],
  ['failed', 'Failed'],
] as const;

/** What was called in these days, for a filter; and what is chosen, though it was not. */
function useNames(
  group: 'model' | 'provider',
  range: RangeState,
  account: string | undefined,
  chosen: string,
) {
  const {from, to} = range.range;
  const {data} = useLoad(
    signal => get('/api/usage/summary', {query: {from, to, group, account_id: account}, signal}),
    [from, to, account],
  );
  const names = data?.data.map(row => row.name).filter(name => name !== '') ?? [];
  return chosen && !names.includes(chosen) ? [...names, chosen] : names;
}

export default function Requests() {
  const {today} = useSite();
  const scope = useScope();
  const range = useRange(today, '7d');
  const [status, setStatus] = useSearch('status', '');
  const [key, setKey] = useSearch('key', '');
  const [provider, setProvider] = useSearch('provider', '');
  const [model, setModel] = useSearch('model', '');
  const names = useKeyNames(scope.account);
  const providers = useNames('provider', range, scope.account, provider);
  const models = useNames('model', range, scope.account, model);
  const keys = [...names];
  if (key && !names.has(key)) keys.push([key, key]);
  const query = {
    ...range.range,
    status: status || undefined,
    key_id: key || undefined,
    model: model || undefined,
    provider: provider || undefined,
    account_id: scope.account,
  };
  return (
    <Page
      title="Usage"
      lead="Every call that was let in, newest first."
      actions={
        <>
          {scope.control}
          <ExportMenu query={query} />
        </>
      }>
      <UsageTabs />
      <div class="toolbar">
        <RangeControl state={range} today={today} />
        <Select
          aria-label="Status"
          value={status as (typeof statuses)[number][0]}
          onValue={setStatus}
          options={statuses}
        />
        <Select
          aria-label="Key"
          value={key}
          onValue={setKey}
          options={[['', 'Every key'], ...keys]}
          class="input select-narrow"
        />
        <Select
          aria-label="Provider"
          value={provider}
          onValue={setProvider}
          options={[['', 'Every provider'], ...providers.map(name => [name, name] as const)]}
        />
        <Select
          aria-label="Model"
          value={model}
          onValue={setModel}
          options={[['', 'Every model'], ...models.map(name => [name, name] as const)]}
          class="input select-narrow"
        />
      </div>
      <div class="card">
        <RequestTable query={query} keyNames={names} />
      </div>
    </Page>
  );
}
