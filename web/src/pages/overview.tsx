// The first page: what was spent, whether things go well, and what to do next.
import {useMemo} from 'preact/hooks';
import {get} from '../api/client';
import type {ApiKey, Overview as Sums} from '../api/types';
import {useLoad} from '../api/use_load';
import {micros, permille} from '../lib/money';
import {compact, count, milliseconds, percent, plural} from '../lib/numbers';
import {rangeOf} from '../lib/ranges';
import {useSearch} from '../lib/router';
import {useSite} from '../lib/site';
import {Bar, Figure} from '../ui/bits';
import {Segments} from '../ui/field';
import {Card, Page} from '../ui/page';
import {useScope} from '../ui/scope';
import {Callout, Empty, Failure, ProblemCallout, Skeleton} from '../ui/states';
import {measures, UsageChart, type Measure} from '../ui/usage_chart';
import {periodWords} from './keys';

export default function Overview() {
  const {today, account} = useSite();
  const scope = useScope();
  const query = {account_id: scope.account};
  const sums = useLoad(signal => get('/api/usage/overview', {query, signal}), [scope.account]);
  const keys = useLoad(
    signal => get('/api/api-keys', {query: {...query, limit: 200, state: 'active'}, signal}),
    [scope.account],
  );
  const greeting = account.name ? `Hello, ${account.name.split(' ')[0]}` : 'Overview';
  return (
    <Page title="Overview" lead={greeting === 'Overview' ? today : greeting} actions={scope.control}>
      {sums.problem && <ProblemCallout problem={sums.problem} retry={sums.reload} />}
      {keys.data?.data.length === 0 && sums.data?.active_keys === 0 && <FirstSteps />}
      <Spending sums={sums.data} />
      <Health sums={sums.data} />
      <OverTime account={scope.account} />
      <div class="two">
        <Budgets keys={keys.data?.data} problem={keys.problem} retry={keys.reload} />
        <TopModels account={scope.account} />
      </div>
    </Page>
  );
}

function FirstSteps() {
  return (
    <Callout icon="key">
      <strong>Make your first key</strong>
      <span>
        Programs show it to be let in. Set how fast it may ask, how much it may spend and when it ends, copy
        it once, and call.
      </span>
      <span>
        <a class="button button-primary button-sm" href="/keys?create=1">
          Create New Key
        </a>
      </span>
    </Callout>
  );
}

/** How today stands to yesterday; both are whole amounts, so the comparison is exact. */
function against(today: string, yesterday: string, money: (text: string) => string): string {
  return micros(yesterday) === 0n && micros(today) === 0n
    ? 'Nothing yesterday either'
    : `${money(yesterday)} yesterday`;
}

function Spending({sums}: {sums: Sums | undefined}) {
  const {money, round} = useSite();
  const budget = sums?.budget;
  return (
    <div class="figures">
      <Figure
        label="Spent today"
        value={sums && money(sums.today.cost)}
        title={sums?.today.cost}
        note={sums && against(sums.today.cost, sums.yesterday.cost, money)}
      />
      <Figure
        label="This week"
        value={sums && money(sums.week.cost)}
        title={sums?.week.cost}
        note={sums && plural(sums.week.requests, 'request')}
      />
      <Figure
        label="This month"
        value={sums && money(sums.month.cost)}
        title={sums?.month.cost}
        note={
          sums && (budget ? `of ${round(budget)} in monthly budgets` : plural(sums.month.requests, 'request'))
        }>
        {budget && <Bar part={micros(sums.month.cost)} whole={micros(budget)} label="Monthly budgets" />}
      </Figure>
      {sums?.balance != null ? (
        <Figure
          label="Balance"
          value={money(sums.balance)}
          title={sums.balance}
          note={<a href="/billing">Lots and transactions</a>}
        />
      ) : (
        <Figure
          label="Active keys"
          value={sums && count(sums.active_keys)}
          note={<a href="/keys">All keys</a>}
        />
      )}
    </div>
  );
}

function Health({sums}: {sums: Sums | undefined}) {
  const day = sums?.today;
  return (
    <div class="figures figures-joined">
      <Figure
        label="Requests today"
        value={day && compact(day.requests)}
        title={day && count(day.requests)}
        note={sums && `${compact(sums.yesterday.requests)} yesterday`}
      />
      <Figure
        label="Failed today"
        value={day && percent(day.failed, day.requests)}
        note={day && `${count(day.failed)} of ${count(day.requests)}`}
      />
      <Figure
        label="Median latency"
        value={day && milliseconds(day.latency.p50_ms)}
        note="whole answers, today"
      />
      <Figure
        label="95th percentile"
        value={day && milliseconds(day.latency.p95_ms)}
        note={day && `99th ${milliseconds(day.latency.p99_ms)}`}
      />
    </div>
  );
}

function OverTime({account}: {account: string | undefined}) {
  const {today} = useSite();
  const [measure, setMeasure] = useSearch('show', 'cost') as [Measure, (value: string) => void];
  const range = rangeOf('30d', today);
  const group = measure === 'cost' || measure === 'tokens' ? 'model' : 'none';
  const series = useLoad(
    signal =>
      get('/api/usage/series', {query: {...range, interval: 'day', group, account_id: account}, signal}),
    [today, account, group],
  );
  const empty = series.data?.data.length === 0;
  return (
    <Card
      title="Last 30 days"
      actions={<Segments label="What is drawn" value={measure} onValue={setMeasure} options={measures} />}>
      {series.problem && !series.data ? (
        <Failure problem={series.problem} retry={series.reload} />
      ) : empty ? (
        <Empty icon="chart" title="Nothing to draw yet">
          When programs call, their spend, requests and latency appear here within seconds.
        </Empty>
      ) : series.data ? (
        <UsageChart label="Use in the last 30 days" series={series.data} range={range} measure={measure} />
      ) : (
        <div class="chart">
          <span class="skeleton" />
        </div>
      )}
    </Card>
  );
}

interface BudgetsProps {
  keys: ApiKey[] | undefined;
  problem: import('../api/client').Problem | undefined;
  retry: () => void;
}

/** The keys that are nearest to the end of their budget. */
function Budgets({keys, problem, retry}: BudgetsProps) {
  const {money, round} = useSite();
  const nearest = useMemo(() => {
    const share = (key: ApiKey) => permille(micros(key.spent_in_period), micros(key.budget_decimal));
    return keys
      ?.filter(key => key.budget_decimal !== null)
      .sort((a, b) => share(b) - share(a))
      .slice(0, 5);
  }, [keys]);
  return (
    <Card
      title="Budgets"
      lead="The keys that are nearest to their limit"
      actions={<a href="/keys">All keys</a>}>
      {problem && !keys ? (
        <Failure problem={problem} retry={retry} />
      ) : !nearest ? (
        <div class="stack-sm">
          <Skeleton width="w80" />
          <Skeleton width="w60" />
          <Skeleton width="w80" />
        </div>
      ) : nearest.length === 0 ? (
        <Empty icon="wallet" title="No key has a budget">
          With a budget a key can never spend more than you said.
        </Empty>
      ) : (
        <ul class="stack-sm">
          {nearest.map(key => (
            <li key={key.id} class="meter-row">
              <div class="row spread">
                <a class="truncate" href={`/keys/${key.id}`}>
                  {key.name}
                </a>
                <span class="nowrap num small">
                  <span title={key.spent_in_period}>{money(key.spent_in_period)}</span>{' '}
                  <span class="muted">
                    of {round(key.budget_decimal)} {periodWords[key.budget_period]}
                  </span>
                </span>
              </div>
              <Bar
                part={micros(key.spent_in_period)}
                whole={micros(key.budget_decimal)}
                label={`Budget of ${key.name}`}
              />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function TopModels({account}: {account: string | undefined}) {
  const {today, money} = useSite();
  const {data, problem, reload} = useLoad(
    signal =>
      get('/api/usage/summary', {
        query: {...rangeOf('month', today), group: 'model', account_id: account},
        signal,
      }),
    [today, account],
  );
  return (
    <Card title="Models" lead="What the month’s money went to" actions={<a href="/usage">All usage</a>}>
      {problem && !data ? (
        <Failure problem={problem} retry={reload} />
      ) : !data ? (
        <div class="stack-sm">
          <Skeleton width="w80" />
          <Skeleton width="w60" />
          <Skeleton width="w80" />
        </div>
      ) : data.data.length === 0 ? (
        <Empty icon="cube" title="No model was called this month" />
      ) : (
        <ul class="stack-sm">
          {data.data.slice(0, 5).map(row => (
            <li key={row.name} class="meter-row">
              <div class="row spread">
                <span class="truncate">{row.label || row.name}</span>
                <span class="nowrap num small">
                  <span title={row.cost}>{money(row.cost)}</span>{' '}
                  <span class="muted">{plural(row.requests, 'request')}</span>
                </span>
              </div>
              <Bar
                plain
                part={micros(row.cost)}
                whole={micros(data.total.cost)}
                label={`Share of ${row.name}`}
              />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
