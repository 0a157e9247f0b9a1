// Tables of rows: states, sorting – of all rows here, or by the server where they come in pages – and the way to more. On a phone a row folds into a
// list of its cells; the roles are spelt out because browsers forget what a table is when it is laid out otherwise.
import type {ComponentChildren, VNode} from 'preact';
import {useState} from 'preact/hooks';
import type {Pages} from '../api/use_load';
import {count} from '../lib/numbers';
import {Button} from './button';
import {Icon} from './icons';
import {Failure, ProblemCallout, SkeletonRows} from './states';

export interface Column<T> {
  title: string;
  cell: (row: T) => ComponentChildren;
  /** Makes the column sortable by this, here: for tables that have all of their rows. */
  by?: (row: T) => string | number | bigint;
  /** Makes the column sortable by the server, which knows it by this name. */
  sort?: string;
  right?: boolean;
  hideSmall?: boolean;
  /** The cell that names the row. */
  head?: boolean;
  hideTitle?: boolean;
}

interface TableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: T[] | undefined;
  id: (row: T) => string | number;
  busy?: boolean;
  dense?: boolean;
  /** How the server has sorted the rows. */
  order?: Order | undefined;
  onOrder?: (order: Order | undefined) => void;
}

export interface Order {
  /** A column's `sort`, or its title where it is sorted here. */
  name: string;
  down: boolean;
}

/** As it stands in an address: "name", "-spent". */
export const orderOf = (text: string): Order | undefined =>
  text ? {name: text.replace(/^-/, ''), down: text.startsWith('-')} : undefined;
export const textOf = (order: Order | undefined): string =>
  order ? (order.down ? '-' : '') + order.name : '';

function compare(left: string | number | bigint, right: string | number | bigint): number {
  if (typeof left === 'string' && typeof right === 'string') return left.localeCompare(right);
  return left < right ? -1 : left > right ? 1 : 0;
}

function classOf<T>(column: Column<T>): string {
  const classes = [column.right && 'right', column.hideSmall && 'hide-sm', column.hideTitle && 'act'];
  return classes.filter(Boolean).join(' ');
}

function Heading<T>({
  column,
  order,
  setOrder,
}: {
  column: Column<T>;
  order: Order | undefined;
  setOrder: (order: Order | undefined) => void;
}) {
  if (column.hideTitle)
    return (
      <th scope="col" role="columnheader" class={classOf(column)}>
        <span class="sr-only">{column.title}</span>
      </th>
    );
  if (!column.by && !column.sort)
    return (
      <th scope="col" role="columnheader" class={classOf(column)}>
        {column.title}
      </th>
    );
  const name = column.sort ?? column.title;
  const active = order?.name === name;
  const sort = active ? (order.down ? 'descending' : 'ascending') : undefined;
  // Numbers begin with the highest, words with the first. A third press brings back the order as it came.
  const first = {name, down: column.right ?? false};
  const next = !active ? first : order.down === first.down ? {name, down: !first.down} : undefined;
  return (
    <th scope="col" role="columnheader" class={classOf(column)} aria-sort={sort}>
      <button type="button" class="sort" onClick={() => setOrder(next)}>
        {column.title}
        <Icon name={active ? (order.down ? 'down' : 'up') : 'updown'} size={13} />
      </button>
    </th>
  );
}

export function Table<T>({label, columns, rows, id, busy, dense, order, onOrder}: TableProps<T>) {
  const [own, setOwn] = useState<Order>();
  const by = columns.find(column => column.title === own?.name)?.by;
  const shown = by && rows ? [...rows].sort((a, b) => compare(by(a), by(b)) * (own?.down ? -1 : 1)) : rows;
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label={`${label} (table)`}>
      <table
        role="table"
        class={['folds', dense && 'dense', busy && rows && 'busy'].filter(Boolean).join(' ')}
        aria-busy={busy ? 'true' : undefined}>
        <caption class="sr-only">{label}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(column => (
              <Heading
                key={column.title}
                column={column}
                order={onOrder ? order : own}
                setOrder={onOrder ?? setOwn}
              />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown ? (
            shown.map(row => (
              <tr key={id(row)} role="row" class="link">
                {columns.map(column =>
                  column.head ? (
                    <th scope="row" role="rowheader" key={column.title} class={classOf(column)}>
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={column.title} role="cell" class={classOf(column)} data-title={column.title}>
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))
          ) : (
            <SkeletonRows columns={columns.length} />
          )}
        </tbody>
      </table>
    </div>
  );
}

interface PagedProps<T> extends Omit<TableProps<T>, 'rows' | 'busy'> {
  pages: Pages<T>;
  noun: string;
  empty: VNode;
}

/** A table with everything around it: empty, loading and failed, and the button for the next page. */
export function PagedTable<T>({pages, noun, empty, ...table}: PagedProps<T>) {
  const {data, problem, busy, reload, more, moreBusy} = pages;
  if (problem && !data) return <Failure problem={problem} retry={reload} />;
  // A page can be empty and still have a next one, when a filter was applied to it.
  if (data && data.length === 0 && !more) return empty;
  return (
    <>
      <Table {...table} rows={data} busy={busy} />
      {problem && (
        <div class="card-foot">
          <ProblemCallout problem={problem} retry={more ?? reload} />
        </div>
      )}
      {data && (
        <div class="pager">
          <span>{more ? `The first ${count(data.length)} ${noun}` : `${count(data.length)} ${noun}`}</span>
          {more && (
            <Button small busy={moreBusy} onClick={more}>
              Load more
            </Button>
          )}
        </div>
      )}
    </>
  );
}
