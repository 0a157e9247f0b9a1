// Providers: are they well, which credentials are out, and what today brought.
import {useEffect} from 'preact/hooks';
import {get} from '../../api/client';
import type {ProviderHealth} from '../../api/types';
import {useLoad} from '../../api/use_load';
import {compact, count, milliseconds, percent, plural} from '../../lib/numbers';
import {useSite} from '../../lib/site';
import {Badge, When, type Tone} from '../../ui/bits';
import {Button} from '../../ui/button';
import {Page} from '../../ui/page';
import {Empty, Failure, Skeleton} from '../../ui/states';
import {Table, type Column} from '../../ui/table';

type Credential = ProviderHealth['credentials'][number];

const states: Record<Credential['state'], [Tone, string]> = {
  closed: ['good', 'Working'],
  half_open: ['warn', 'On trial'],
  open: ['bad', 'Resting'],
};

const columns: Column<Credential>[] = [
  {title: 'Credential', head: true, cell: credential => `Key ${credential.label}`},
  {
    title: 'Breaker',
    cell: credential => (
      <Badge dot tone={states[credential.state][0]}>
        {states[credential.state][1]}
      </Badge>
    ),
  },
  {title: 'Failures in a row', right: true, cell: credential => count(credential.failures)},
  {
    title: 'Resting on',
    right: true,
    hideSmall: true,
    cell: credential => `${count(credential.open_workers)} of ${plural(credential.workers, 'worker')}`,
  },
  {title: 'Tried again', right: true, cell: credential => <When at={credential.open_until} never="–" />},
];

function verdict(provider: ProviderHealth): [Tone, string] {
  const out = provider.credentials.filter(credential => credential.state === 'open').length;
  if (provider.credentials.length === 0) return ['warn', 'No credential'];
  if (out === provider.credentials.length) return ['bad', 'Out'];
  return out || provider.credentials.some(credential => credential.state === 'half_open')
    ? ['warn', 'In part']
    : ['good', 'Healthy'];
}

export default function Providers() {
  const {data, problem, busy, reload} = useLoad(signal => get('/api/admin/providers', {signal}), []);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), 10_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Page
      title="Providers"
      lead={
        data ? (
          <>
            As node <code>{data.node}</code> sees them, renewed every ten seconds.
          </>
        ) : (
          'Who answers the calls, and how well.'
        )
      }
      actions={
        <Button icon="rotate" busy={busy && !!data} onClick={reload}>
          Refresh
        </Button>
      }>
      {problem && !data ? (
        <div class="card">
          <Failure problem={problem} retry={reload} />
        </div>
      ) : data?.data.length === 0 ? (
        <div class="card">
          <Empty icon="pulse" title="No provider is configured">
            Name one under <code>providers</code> in the configuration, with its address and keys.
          </Empty>
        </div>
      ) : data ? (
        data.data.map(provider => <Provider key={provider.name} provider={provider} />)
      ) : (
        <div class="card">
          <div class="card-body">
            <Skeleton width="w40" />
          </div>
        </div>
      )}
    </Page>
  );
}

function Provider({provider}: {provider: ProviderHealth}) {
  const {money} = useSite();
  const {today} = provider;
  const [tone, words] = verdict(provider);
  const facts: [string, string][] = [
    ['Requests today', compact(today.requests)],
    ['Failed', percent(today.failed, today.requests)],
    ['Spend', money(today.cost)],
    ['Median', milliseconds(today.latency.p50_ms)],
    ['95th percentile', milliseconds(today.latency.p95_ms)],
  ];
  return (
    <section class="card" aria-label={provider.name}>
      <div class="card-head">
        <div>
          <h2 class="row">
            {provider.name}
            <Badge dot tone={tone}>
              {words}
            </Badge>
          </h2>
          <p class="mono wrap">{provider.base_url}</p>
        </div>
        <span class="muted small">Up to {plural(provider.attempts, 'attempt')} a call</span>
      </div>
      <dl class="strip">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="num">{value}</dd>
          </div>
        ))}
      </dl>
      <Table
        label={`Credentials of ${provider.name}`}
        dense
        columns={columns}
        rows={provider.credentials}
        id={credential => credential.label}
      />
    </section>
  );
}
