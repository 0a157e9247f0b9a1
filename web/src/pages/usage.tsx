// Usage: what was spent over time, and on what.
import {useMemo} from 'preact/hooks';
import {get} from '../api/client';
import {useLoad} from '../api/use_load';
import {micros, toDecimal} from '../lib/money';
import {compact, count, milliseconds, percent} from '../lib/numbers';
import {bucketOf} from '../lib/ranges';
import {useSearch} from '../lib/router';
import {useSite} from '../lib/site';
import {Figure} from '../ui/bits';
import {Segments} from '../ui/field';
import {Card, Page} from '../ui/page';
import {useScope} from '../ui/scope';
import {Empty, Failure} from '../ui/states';
import {measures, tokensOf, UsageChart, type Measure} from '../ui/usage_chart';
import {BreakdownTable, groupWords, type GroupBy} from '../usage/breakdown';
import {ExportMenu} from '../usage/export_menu';
import {RangeControl} from '../usage/range_control';
import {UsageTabs} from '../usage/tabs';
import {useRange} from '../usage/use_range';

export default function Usage() {
  const {today, money} = useSite();
  const scope = useScope();
  const range = useRange(today, '30d');
  const [measure, setMeasure] = useSearch('show', 'cost') as [Measure, (value: string) => void];
  const [by, setBy] = useSearch('by', 'model') as [GroupBy, (value: string) => void];
  const query = {...range.range, account_id: scope.account};
  const inputs = [range.range.from, range.range.to, scope.account, by];
  const summary = useLoad(
    signal => get('/api/usage/summary', {query: {...query, group: by}, signal}),
    inputs,
  );
  const series = useLoad(
    signal =>
      get('/api/usage/series', {
        query: {...query, interval: bucketOf(range.range), group: measure === 'latency' ? 'none' : by},
        signal,
      }),
    [...inputs, measure === 'latency'],
  );
  const names = useMemo(
    () => new Map(summary.data?.data.map(row => [row.name, row.label || row.name])),
    [summary.data],
  );
  const total = summary.data?.total;
  const groups = (Object.entries(groupWords) as [GroupBy, string][]).filter(
    ([name]) => name !== 'account' || scope.all,
  );
  return (
    <Page
      title="Usage"
      lead="What was asked of the models, and what it cost."
      actions={
        <>
          {scope.control}
          <ExportMenu query={query} />
        </>
      }>
      <UsageTabs />
      <RangeControl state={range} today={today} />
      <div class="figures">
        <Figure
          label="Spend"
          value={total && money(total.cost)}
          title={total?.cost}
          note={total && (total.requests ? `${averageCost(total, money)} a request` : 'Nothing yet')}
        />
        <Figure
          label="Requests"
          value={total && compact(total.requests)}
          title={total && count(total.requests)}
          note={total && `${percent(total.failed, total.requests)} failed`}
        />
        <Figure
          label="Tokens"
          value={total && compact(tokensOf(total))}
          title={total && count(tokensOf(total))}
          note={total && `${compact(total.output)} of them output`}
        />
        <Figure
          label="Median latency"
          value={total && milliseconds(total.latency.p50_ms)}
          note={total && `95th percentile ${milliseconds(total.latency.p95_ms)}`}
        />
      </div>
      <Card
        title="Over time"
        lead={`By ${bucketOf(range.range)}, in the time zone of the ledger`}
        actions={<Segments label="What is drawn" value={measure} onValue={setMeasure} options={measures} />}>
        {series.problem && !series.data ? (
          <Failure problem={series.problem} retry={series.reload} />
        ) : total?.requests === 0 ? (
          <Empty icon="chart" title="No calls in this time">
            Calls appear here within seconds.
          </Empty>
        ) : series.data ? (
          <UsageChart
            label={`Use by ${groupWords[by].toLowerCase()}`}
            series={series.data}
            range={range.range}
            measure={measure}
            names={names}
          />
        ) : (
          <div class="chart">
            <span class="skeleton" />
          </div>
        )}
      </Card>
      <Card
        title="Where it went"
        flush
        actions={<Segments label="Split by" value={by} onValue={setBy} options={groups} />}>
        {summary.problem && !summary.data ? (
          <Failure problem={summary.problem} retry={summary.reload} />
        ) : summary.data?.data.length === 0 ? (
          <Empty icon="list" title="Nothing to split" />
        ) : (
          <BreakdownTable
            summary={summary.data ?? {total: {cost: '0'}, data: []}}
            by={by}
            busy={summary.busy}
          />
        )}
      </Card>
    </Page>
  );
}

function averageCost(total: {cost: string; requests: number}, money: (text: string) => string): string {
  const average = micros(total.cost) / BigInt(Math.max(1, total.requests));
  return money(toDecimal(average));
}
