// The log of calls with its filters.
import {useState} from 'preact/hooks';
import {get} from '../api/client';
import {useLoad} from '../api/use_load';
import {useSearch} from '../lib/router';
import {useSite} from '../lib/site';
import {useSettled} from '../ui/bits';
import {SearchBox, Select} from '../ui/field';
import {Page} from '../ui/page';
import {useScope} from '../ui/scope';
import {ExportMenu} from '../usage/export_menu';
import {RangeControl} from '../usage/range_control';
import {RequestTable} from '../usage/request_table';
import {UsageTabs} from '../usage/tabs';
import {useKeyNames} from '../usage/use_keys';
import {useRange} from '../usage/use_range';

const statuses = [
  ['', 'Every status'],
  ['ok', 'Succeeded'],
  ['failed', 'Failed'],
] as const;

export default function Requests() {
  const {today} = useSite();
  const scope = useScope();
  const range = useRange(today, '7d');
  const [status, setStatus] = useSearch('status', '');
  const [key, setKey] = useSearch('key', '');
  const [provider, setProvider] = useSearch('provider', '');
  const [savedModel, saveModel] = useSearch('model', '');
  const [model, setModel] = useState(savedModel);
  const settledModel = useSettled(model.trim());
  const names = useKeyNames(scope.account);
  const settings = useLoad(
    signal =>
      get('/api/usage/summary', {
        query: {...range.range, group: 'provider', account_id: scope.account},
        signal,
      }),
    [range.range.from, range.range.to, scope.account],
  );
  const providers = settings.data?.data.map(row => row.name).filter(name => name !== '') ?? [];
  if (provider && !providers.includes(provider)) providers.push(provider);
  const keys = [...names];
  if (key && !names.has(key)) keys.push([key, key]);
  const query = {
    ...range.range,
    status: status || undefined,
    key_id: key || undefined,
    model: settledModel || undefined,
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
        <SearchBox
          label="Model, as the provider names it"
          value={model}
          onValue={value => {
            setModel(value);
            saveModel(value.trim());
          }}
        />
      </div>
      <div class="card">
        <RequestTable query={query} keyNames={names} />
      </div>
    </Page>
  );
}
