// One key: what it may, what it has used of that, its calls over time.
import {useState} from 'preact/hooks';
import {get} from '../api/client';
import type {ApiKey} from '../api/types';
import {useLoad} from '../api/use_load';
import {limitIcons} from '../keys/key_form';
import {exampleModel, Snippets} from '../keys/key_snippets';
import {KeyStateBadge, maskedKey} from '../keys/key_state';
import {useKeyActions} from '../keys/use_key_actions';
import {describeLimits} from '../lib/limits';
import {micros} from '../lib/money';
import {compact, count, percent, plural} from '../lib/numbers';
import {bucketOf, presets, rangeOf, type Preset} from '../lib/ranges';
import {useSite} from '../lib/site';
import {relative} from '../lib/time';
import {Bar, Figure, When} from '../ui/bits';
import {Button} from '../ui/button';
import {Segments, Select} from '../ui/field';
import {Icon} from '../ui/icons';
import {Menu} from '../ui/menu';
import {Card, Page} from '../ui/page';
import {Empty, Failure, Skeleton} from '../ui/states';
import {measures, tokensOf, UsageChart, type Measure} from '../ui/usage_chart';
import {BreakdownTable} from '../usage/breakdown';
import {RequestTable} from '../usage/request_table';
import {periodWords} from './keys';

export default function KeyDetail({id}: {id: string}) {
  const {
    data: key,
    problem,
    reload,
  } = useLoad(signal => get('/api/api-keys/{id}', {path: {id}, signal}), [id]);
  const {isAdmin} = useSite();
  const actions = useKeyActions(reload);
  const crumbs = (
    <>
      <a href="/keys">API keys</a>
      <Icon name="chevron" size={12} />
    </>
  );
  if (problem && !key)
    return (
      <Page title="API key" crumbs={crumbs}>
        <div class="card">
          <Failure problem={problem} retry={reload} />
        </div>
      </Page>
    );
  return (
    <Page
      title={key?.name ?? 'API key'}
      crumbs={crumbs}
      lead={
        key ? (
          <span class="row row-wrap">
            <code>{maskedKey(key)}</code>
            <KeyStateBadge state={key.state} />
          </span>
        ) : (
          <Skeleton width="w40" />
        )
      }
      actions={
        key &&
        key.state !== 'revoked' && (
          <>
            <Button icon="edit" onClick={() => actions.open('edit', key)}>
              Edit limits
            </Button>
            <Menu label="More actions" buttonClass="button button-icon" items={actions.items(key).slice(1)} />
          </>
        )
      }>
      <KeyFigures apiKey={key} />
      <KeyCharts id={id} />
      <div class="two">
        <Card title="Limits">{key ? <Limits apiKey={key} /> : <Skeleton />}</Card>
        <Card title="About">{key ? <About apiKey={key} /> : <Skeleton />}</Card>
      </div>
      <Card
        title="Latest calls"
        flush
        actions={
          <a href={`/usage/requests?key=${encodeURIComponent(id)}${isAdmin ? '&scope=all' : ''}`}>
            All calls
          </a>
        }>
        <RequestTable query={{key_id: id, account_id: isAdmin ? 'all' : undefined, limit: 10}} short />
      </Card>
      {key && key.state !== 'revoked' && <Usage apiKey={key} />}
      {actions.dialogs}
    </Page>
  );
}

function KeyFigures({apiKey}: {apiKey: ApiKey | undefined}) {
  const {money, round, moment} = useSite();
  const budget = apiKey?.budget_decimal;
  return (
    <div class="figures">
      <Figure
        label={budget ? `Spent ${apiKey ? periodWords[apiKey.budget_period] : ''}` : 'Spent in all'}
        value={apiKey && (budget ? money(apiKey.spent_in_period) : money(apiKey.spent))}
        title={apiKey?.spent}
        note={apiKey && (budget ? `of ${round(budget)}` : 'No budget')}>
        {apiKey && budget && (
          <Bar part={micros(apiKey.spent_in_period)} whole={micros(budget)} label="Budget" />
        )}
      </Figure>
      <Figure
        label="Requests in all"
        value={apiKey && compact(apiKey.requests)}
        title={apiKey && count(apiKey.requests)}
        note={apiKey && `${money(apiKey.spent)} in all`}
      />
      <Figure
        label="Last used"
        value={apiKey && (apiKey.last_used_at ? relative(apiKey.last_used_at, new Date()) : 'Never')}
        note={apiKey && (apiKey.last_used_at ? moment(apiKey.last_used_at) : 'No call was made with it yet')}
      />
      <Figure
        label="Expires"
        value={apiKey && (apiKey.expires_at ? relative(apiKey.expires_at, new Date()) : 'Never')}
        note={apiKey && (apiKey.expires_at ? moment(apiKey.expires_at) : 'Works until it is revoked')}
      />
    </div>
  );
}

function KeyCharts({id}: {id: string}) {
  const {today, isAdmin} = useSite();
  const whose = isAdmin ? 'all' : undefined; // the key may be another's
  const [preset, setPreset] = useState<Preset>('30d');
  const [measure, setMeasure] = useState<Measure>('cost');
  const range = rangeOf(preset, today);
  const query = {from: range.from, to: range.to, key_id: id, account_id: whose};
  const series = useLoad(
    signal =>
      get('/api/usage/series', {
        query: {...query, interval: bucketOf(range), group: measure === 'latency' ? 'none' : 'model'},
        signal,
      }),
    [id, range.from, range.to, measure === 'latency'],
  );
  const summary = useLoad(
    signal => get('/api/usage/summary', {query: {...query, group: 'model'}, signal}),
    [id, range.from, range.to],
  );
  const total = summary.data?.total;
  const options = Object.entries(presets) as [Preset, string][];
  return (
    <Card
      title="Use over time"
      lead={
        total
          ? `${plural(total.requests, 'request')}, ${compact(tokensOf(total))} tokens, ${percent(total.failed, total.requests)} failed`
          : ' '
      }
      flush
      actions={
        <div class="row row-wrap">
          <Segments label="What is drawn" value={measure} onValue={setMeasure} options={measures} />
          <div class="toolbar">
            <Select aria-label="Time" value={preset} onValue={setPreset} options={options} />
          </div>
        </div>
      }>
      <div class="card-body">
        {series.problem && !series.data ? (
          <Failure problem={series.problem} retry={series.reload} />
        ) : total && total.requests === 0 ? (
          <Empty icon="chart" title="No calls in this time">
            Calls appear here within seconds.
          </Empty>
        ) : series.data ? (
          <UsageChart label="Use of this key" series={series.data} range={range} measure={measure} />
        ) : (
          <div class="chart">
            <span class="skeleton" />
          </div>
        )}
      </div>
      {summary.data && summary.data.data.length > 0 && <BreakdownTable summary={summary.data} by="model" />}
    </Card>
  );
}

function Limits({apiKey}: {apiKey: ApiKey}) {
  const {currency, ledgerZone} = useSite();
  const sentences = describeLimits(
    {...apiKey, budget: apiKey.budget_decimal},
    currency,
    ledgerZone,
    new Date(),
  );
  return (
    <ul class="sentences">
      {sentences.map(({kind, text}) => (
        <li key={text}>
          <Icon name={limitIcons[kind]} />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

function About({apiKey}: {apiKey: ApiKey}) {
  const {instant} = useSite();
  return (
    <dl class="facts">
      <dt>Id</dt>
      <dd>
        <code>{apiKey.id}</code>
      </dd>
      <dt>Created</dt>
      <dd>{instant(apiKey.created_at)}</dd>
      <dt>Last used</dt>
      <dd>
        <When at={apiKey.last_used_at} />
      </dd>
      <dt>When a client leaves</dt>
      <dd>{apiKey.on_disconnect === 'cancel' ? 'the provider is stopped' : 'the provider finishes'}</dd>
      {Object.entries(apiKey.metadata).map(([name, value]) => [
        <dt key={name}>{name}</dt>,
        <dd key={`${name}=`}>{value}</dd>,
      ])}
    </dl>
  );
}

function Usage({apiKey}: {apiKey: ApiKey}) {
  const {settings} = useSite();
  return (
    <Card>
      <Snippets
        origin={location.origin}
        basePath={settings.base_path}
        secret={`${apiKey.prefix}…`}
        model={exampleModel(apiKey.models)}
      />
    </Card>
  );
}
