// Bars or lines over time, drawn by uPlot; with a tooltip, a legend, and the same figures as a table for those who do not
// see the drawing. Numbers here only place pixels: every figure that is read comes as text.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {useEffect, useMemo, useRef, useState} from 'preact/hooks';
import {onThemeChange} from '../lib/theme';
import {Button} from './button';

export interface ChartSeries {
  label: string;
  /** 1 to 8, of the palette. */
  colour: number;
  values: (number | null)[];
  texts: string[];
}

interface ChartProps {
  label: string;
  /** What stands below the drawing, one for each interval. */
  ticks: string[];
  /** What the tooltip calls an interval. */
  titles: string[];
  series: ChartSeries[];
  kind: 'bars' | 'lines';
  axis: (value: number) => string;
  small?: boolean;
  totals?: string[];
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Each series on top of those before it; the last one is drawn first and covers all. */
function stacked(series: ChartSeries[]): (number | null)[][] {
  const sums: number[] = [];
  return series.map(({values}) => values.map((value, at) => (sums[at] = (sums[at] ?? 0) + (value ?? 0))));
}

function axesOf({ticks, axis}: ChartProps): uPlot.Axis[] {
  const common = {
    stroke: colour('text-3'),
    font: `11px ${colour('font')}`,
    ticks: {show: false},
    grid: {stroke: colour('chart-grid'), width: 1},
  };
  return [
    {
      ...common,
      grid: {show: false},
      size: 28,
      gap: 6,
      splits: plot => {
        const room = Math.max(1, Math.floor(plot.bbox.width / devicePixelRatio / 64));
        const step = Math.max(1, Math.ceil(ticks.length / room));
        return ticks.map((_, at) => at).filter(at => at % step === 0);
      },
      values: (_, splits) => splits.map(at => ticks[at] ?? ''),
    },
    {...common, size: 62, gap: 6, space: 42, values: (_, splits) => splits.map(axis)},
  ];
}

function seriesOf({series, kind}: ChartProps): uPlot.Series[] {
  const drawn = series.map(({label, colour: index}): uPlot.Series => {
    const stroke = colour(`chart-${index}`);
    if (kind === 'lines') return {label, stroke, width: 2, points: {show: false}, spanGaps: true};
    return {
      label,
      fill: stroke,
      width: 0,
      points: {show: false},
      paths: uPlot.paths.bars!({size: [0.7, 36], radius: 0.12}),
    };
  });
  return [{}, ...(kind === 'bars' ? drawn.reverse() : drawn)];
}

function dataOf({ticks, series, kind}: ChartProps): uPlot.AlignedData {
  const rows = kind === 'bars' ? stacked(series).reverse() : series.map(one => one.values);
  return [ticks.map((_, at) => at), ...rows];
}

function optionsOf(
  props: ChartProps,
  box: HTMLElement,
  onCursor: (at: number | null, left: number) => void,
): uPlot.Options {
  const half = props.kind === 'bars' ? 0.6 : 0.2;
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    legend: {show: false},
    padding: [12, 8, 0, 0],
    scales: {
      x: {time: false, range: () => [-half, Math.max(props.ticks.length - 1, 0) + half]},
      y: {range: (_, __, highest) => [0, highest > 0 ? highest * 1.1 : 1]},
    },
    cursor: {y: false, points: {show: props.kind === 'lines'}, drag: {x: false, y: false}},
    axes: axesOf(props),
    series: seriesOf(props),
    hooks: {
      setCursor: [plot => onCursor(plot.cursor.idx ?? null, (plot.cursor.left ?? 0) + plot.over.offsetLeft)],
    },
  };
}

interface Cursor {
  at: number;
  left: number;
}

function useDrawing(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<Cursor>();
  const [theme, setTheme] = useState(0);
  useEffect(() => onThemeChange(() => setTheme(before => before + 1)), []);
  useEffect(() => {
    const element = box.current!;
    const moved = (at: number | null, left: number) =>
      setCursor(at === null || left < 0 ? undefined : {at, left});
    const plot = new uPlot(optionsOf(props, element, moved), dataOf(props), element);
    const resize = new ResizeObserver(() =>
      plot.setSize({width: element.clientWidth, height: element.clientHeight}),
    );
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [props.series, props.ticks, props.kind, theme]);
  return {box, cursor};
}

function Tip({props, cursor, width}: {props: ChartProps; cursor: Cursor; width: number}) {
  const {series, titles, totals} = props;
  const shown = series.filter(one => one.values[cursor.at]);
  const flip = cursor.left > width / 2;
  const shift = flip ? `calc(${cursor.left - 12}px - 100%)` : `${cursor.left + 12}px`;
  return (
    <div class="chart-tip" style={{transform: `translate(${shift}, 8px)`}} aria-hidden="true">
      <strong>{titles[cursor.at]}</strong>
      <ul>
        {shown.map(one => (
          <li key={one.label}>
            <i class={`key-dot c${one.colour}`} />
            <span class="truncate">{one.label}</span>
            <b>{one.texts[cursor.at]}</b>
          </li>
        ))}
        {shown.length === 0 && (
          <li>
            <i />
            <span>Nothing</span>
          </li>
        )}
        {totals && shown.length > 1 && (
          <li>
            <i />
            <span>Total</span>
            <b>{totals[cursor.at]}</b>
          </li>
        )}
      </ul>
    </div>
  );
}

function Figures({label, titles, series, totals}: ChartProps) {
  const rows = titles
    .map((title, at) => ({title, at}))
    .filter(({at}) => series.some(one => one.values[at]))
    .reverse();
  return (
    <div class="chart-table" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
      <table class="dense">
        <caption class="sr-only">{label}</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            {series.map(one => (
              <th scope="col" class="right" key={one.label}>
                {one.label}
              </th>
            ))}
            {totals && series.length > 1 && (
              <th scope="col" class="right">
                Total
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({title, at}) => (
            <tr key={title}>
              <th scope="row" class="nowrap">
                {title}
              </th>
              {series.map(one => (
                <td class="right" key={one.label}>
                  {one.values[at] ? one.texts[at] : '–'}
                </td>
              ))}
              {totals && series.length > 1 && <td class="right">{totals[at]}</td>}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={series.length + 1}>Nothing in this time.</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

export default function Chart(props: ChartProps) {
  const {box, cursor} = useDrawing(props);
  const [asTable, setAsTable] = useState(false);
  const filled = useMemo(() => props.series.some(one => one.values.some(value => value)), [props.series]);
  return (
    <figure class="stack-sm" aria-label={props.label}>
      <div class={props.small ? 'chart chart-sm' : 'chart'}>
        <div ref={box} role="img" aria-label={`${props.label}. The same is below as a table.`} />
        {cursor && filled && <Tip props={props} cursor={cursor} width={box.current?.clientWidth ?? 0} />}
      </div>
      <div class="row spread row-wrap">
        <ul class="legend" aria-hidden="true">
          {props.series.map(one => (
            <li key={one.label}>
              <i class={`key-dot c${one.colour}`} />
              <span class="truncate">{one.label}</span>
            </li>
          ))}
        </ul>
        <Button look="quiet" small aria-expanded={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Hide the table' : 'Show as a table'}
        </Button>
      </div>
      {asTable && <Figures {...props} />}
    </figure>
  );
}
