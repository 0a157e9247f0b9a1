// A series from the server as a chart: intervals without calls are filled in, small groups are put together.
import {useMemo} from 'preact/hooks';
import type {UsagePoint, UsageSeries} from '../api/types';
import {currencySign, formatMoney, micros, toPixelsValue} from '../lib/money';
import {compact, count, milliseconds} from '../lib/numbers';
import {daysOf, type DayRange} from '../lib/ranges';
import {addDays, formatDay, formatHour, startOfDay} from '../lib/time';
import type {ChartSeries} from './chart';
import {lazy} from './lazy';

const Chart = lazy(
  () => import('./chart'),
  <div class="chart" aria-busy="true">
    <span class="skeleton" />
  </div>,
);

export type Measure = 'cost' | 'requests' | 'tokens' | 'latency';

export const measures = [
  ['cost', 'Spend'],
  ['requests', 'Requests'],
  ['tokens', 'Tokens'],
  ['latency', 'Latency'],
] as const;

export function tokensOf(
  sums: Pick<
    UsagePoint,
    'input' | 'cached_input' | 'cache_write' | 'output' | 'audio_input' | 'audio_output'
  >,
): number {
  return (
    sums.input + sums.cached_input + sums.cache_write + sums.output + sums.audio_input + sums.audio_output
  );
}

interface Interval {
  start: string;
  tick: string;
  title: string;
}

function intervals(series: UsageSeries, range: DayRange): Interval[] {
  if (series.interval === 'day')
    return daysOf(range).map(day => ({start: day, tick: formatDay(day), title: formatDay(day)}));
  const all: Interval[] = [];
  const end = startOfDay(addDays(range.to, 1), series.time_zone);
  // Hours are hours of UTC: in a zone that is off by half an hour, so is the grid.
  let start = Math.floor(startOfDay(range.from, series.time_zone).getTime() / 3_600_000) * 3_600_000;
  for (; start < end.getTime(); start += 3_600_000) {
    const instant = new Date(start);
    const day = new Intl.DateTimeFormat('en-GB', {
      timeZone: series.time_zone,
      day: 'numeric',
      month: 'short',
    }).format(instant);
    const hour = formatHour(instant, series.time_zone);
    all.push({start: instant.toISOString(), tick: hour, title: `${day}, ${hour}`});
  }
  return all;
}

function sameStart(series: UsageSeries, start: string): string {
  return series.interval === 'day' ? start : new Date(start).toISOString();
}

/** The names that stand in the chart by themselves: those with the most of what is measured. */
function leaders(points: UsagePoint[], measure: Measure): string[] {
  const sums = new Map<string, number>();
  for (const point of points) sums.set(point.name, (sums.get(point.name) ?? 0) + weight(point, measure));
  return [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

function weight(point: UsagePoint, measure: Measure): number {
  if (measure === 'cost') return toPixelsValue(micros(point.cost));
  if (measure === 'tokens') return tokensOf(point);
  return point.requests;
}

function sumText(points: UsagePoint[], measure: Measure, currency: string): string {
  if (measure === 'cost')
    return formatMoney(
      points.reduce((sum, point) => sum + micros(point.cost), 0n),
      currency,
    );
  return count(points.reduce((sum, point) => sum + weight(point, measure), 0));
}

const shown = 6;

function groups(
  series: UsageSeries,
  slots: Interval[],
  measure: Measure,
  names: Map<string, string>,
): ChartSeries[] {
  const order = leaders(series.data, measure);
  const rest = new Set(order.length > shown + 1 ? order.slice(shown) : []);
  const lines = rest.size ? [...order.slice(0, shown), null] : order;
  return lines.map((name, index) => {
    const mine = series.data.filter(point => (name === null ? rest.has(point.name) : point.name === name));
    const at = new Map<string, UsagePoint[]>();
    for (const point of mine) {
      const start = sameStart(series, point.start);
      at.set(start, [...(at.get(start) ?? []), point]);
    }
    const cells = slots.map(slot => at.get(slot.start) ?? []);
    return {
      label: name === null ? `${rest.size} others` : (names.get(name) ?? (name || 'All')),
      colour: name === null ? 8 : (index % 7) + 1,
      values: cells.map(points => points.reduce((sum, point) => sum + weight(point, measure), 0)),
      texts: cells.map(points => sumText(points, measure, series.currency)),
    };
  });
}

/** Without groups, requests are split into those that went well and those that did not. */
function outcomes(series: UsageSeries, slots: Interval[]): ChartSeries[] {
  const at = new Map(series.data.map(point => [sameStart(series, point.start), point]));
  const pick = (label: string, colour: number, of: (point: UsagePoint) => number): ChartSeries => {
    const values = slots.map(slot => {
      const point = at.get(slot.start);
      return point ? of(point) : 0;
    });
    return {label, colour, values, texts: values.map(count)};
  };
  return [
    pick('Succeeded', 1, point => point.requests - point.failed),
    pick('Failed', 5, point => point.failed),
  ];
}

function latencies(series: UsageSeries, slots: Interval[]): ChartSeries[] {
  const at = new Map(series.data.map(point => [sameStart(series, point.start), point.latency]));
  return (['p50_ms', 'p95_ms'] as const).map((which, index) => {
    const values = slots.map(slot => at.get(slot.start)?.[which] ?? null);
    return {
      label: index ? '95th percentile' : 'Median',
      colour: index ? 3 : 1,
      values,
      texts: values.map(value => milliseconds(value)),
    };
  });
}

function axisOf(measure: Measure, currency: string): (value: number) => string {
  if (measure === 'latency') return value => (value === 0 ? '0 ms' : milliseconds(value));
  if (measure !== 'cost') return value => (value % 1 ? '' : compact(value));
  return value =>
    `${currencySign(currency)}${value >= 10_000 ? compact(value) : Number(value.toPrecision(3)).toString()}`;
}

interface UsageChartProps {
  label: string;
  series: UsageSeries;
  range: DayRange;
  measure: Measure;
  names?: Map<string, string>;
  small?: boolean;
}

const nobody = new Map<string, string>();

export function UsageChart({label, series, range, measure, names = nobody, small}: UsageChartProps) {
  const built = useMemo(() => {
    const slots = intervals(series, range);
    const grouped = series.group !== 'none' && series.group !== '';
    const bars =
      measure === 'latency'
        ? latencies(series, slots)
        : !grouped && measure === 'requests'
          ? outcomes(series, slots)
          : groups(series, slots, measure, names);
    const at = new Map<string, UsagePoint[]>();
    for (const point of series.data) {
      const start = sameStart(series, point.start);
      at.set(start, [...(at.get(start) ?? []), point]);
    }
    const totals = slots.map(slot => sumText(at.get(slot.start) ?? [], measure, series.currency));
    return {ticks: slots.map(slot => slot.tick), titles: slots.map(slot => slot.title), series: bars, totals};
  }, [series, range.from, range.to, measure, names]);
  return (
    <Chart
      label={label}
      ticks={built.ticks}
      titles={built.titles}
      series={built.series}
      kind={measure === 'latency' ? 'lines' : 'bars'}
      axis={axisOf(measure, series.currency)}
      small={small ?? false}
      {...(measure === 'latency' ? {} : {totals: built.totals})}
    />
  );
}
