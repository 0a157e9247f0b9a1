// The log of calls, newest first; a row opens what is known of its call.
import {useState} from 'preact/hooks';
import {get} from '../api/client';
import type {UsageEvent} from '../api/types';
import {usePages} from '../api/use_load';
import {count, milliseconds} from '../lib/numbers';
import {useSite} from '../lib/site';
import {Badge, type Tone} from '../ui/bits';
import {Button, CopyButton} from '../ui/button';
import {Dialog} from '../ui/dialog';
import {Empty} from '../ui/states';
import {PagedTable, type Column} from '../ui/table';

export interface RequestQuery {
  from?: string | undefined;
  to?: string | undefined;
  status?: string | undefined;
  key_id?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  account_id?: string | undefined;
  limit?: number | undefined;
}

export function StatusBadge({event}: {event: UsageEvent}) {
  const tone: Tone =
    event.status >= 500
      ? 'bad'
      : event.status >= 400
        ? 'warn'
        : event.outcome === 'ok' || event.outcome === 'completed'
          ? 'good'
          : 'plain';
  return (
    <Badge tone={tone} dot>
      {event.status || event.outcome}
    </Badge>
  );
}

interface TableProps {
  query: RequestQuery;
  keyNames?: Map<string, string>;
  /** Without the columns that are the same in every row. */
  short?: boolean;
}

export function RequestTable({query, keyNames, short}: TableProps) {
  const {money, moment} = useSite();
  const [open, setOpen] = useState<UsageEvent>();
  const pages = usePages(
    (after, signal) =>
      get('/api/usage/requests', {query: {limit: 50, ...query, after}, ...(signal ? {signal} : {})}),
    [JSON.stringify(query)],
  );
  const columns: (Column<UsageEvent> | false)[] = [
    {
      title: 'Time',
      head: true,
      cell: event => (
        <button type="button" class="link-button nowrap num" onClick={() => setOpen(event)}>
          {moment(event.started_at)}
        </button>
      ),
    },
    {title: 'Status', cell: event => <StatusBadge event={event} />},
    {
      title: 'Model',
      cell: event => (
        <div class="name-cell">
          <span class="truncate" title={event.asked_model}>
            {event.model || event.asked_model}
          </span>
          <small>{event.provider}</small>
        </div>
      ),
    },
    !short && {
      title: 'Key',
      hideSmall: true,
      cell: event => (
        <a class="truncate cell-link" href={`/keys/${event.key_id}`}>
          {keyNames?.get(event.key_id) ?? event.key_id}
        </a>
      ),
    },
    {
      title: 'Input',
      right: true,
      cell: event => count(event.input + event.cached_input + event.cache_write + event.audio_input),
    },
    {title: 'Output', right: true, cell: event => count(event.output + event.audio_output)},
    {title: 'Time taken', right: true, hideSmall: true, cell: event => milliseconds(event.duration_ms)},
    {title: 'Cost', right: true, cell: event => <span title={event.cost}>{money(event.cost)}</span>},
  ];
  const empty = (
    <Empty icon="list" title="No calls">
      None match, in this time. Calls appear here within seconds.
    </Empty>
  );
  return (
    <>
      <PagedTable
        label="Calls"
        noun="calls"
        dense
        pages={pages}
        columns={columns.filter(column => !!column)}
        id={event => event.request_id}
        empty={empty}
      />
      {open && (
        <RequestDialog event={open} keyName={keyNames?.get(open.key_id)} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}

function tokenFacts(event: UsageEvent): [string, string][] {
  const kinds: [string, number][] = [
    ['Input', event.input],
    ['Cached input', event.cached_input],
    ['Written to a cache', event.cache_write],
    ['Output', event.output],
    ['… of it reasoning', event.reasoning],
    ['Audio in', event.audio_input],
    ['Audio out', event.audio_output],
    ['Images', event.images],
  ];
  return kinds.filter(([, value]) => value > 0).map(([name, value]) => [name, count(value)]);
}

const sources = {
  provider: 'as the provider counted',
  estimated: 'estimated, as the provider did not say',
  interrupted: 'up to where the call was interrupted',
} as const;

export function RequestDialog({
  event,
  keyName,
  onClose,
}: {
  event: UsageEvent;
  keyName: string | undefined;
  onClose: () => void;
}) {
  const {money, moment} = useSite();
  const facts: [string, preact.ComponentChildren][] = [
    [
      'Request',
      <span class="row row-wrap">
        <code>{event.request_id}</code>
        <CopyButton text={event.request_id} what="the request id" look="quiet" />
      </span>,
    ],
    ...(event.client_request_id
      ? [['The client’s id', <code>{event.client_request_id}</code>] as [string, preact.ComponentChildren]]
      : []),
    ['Started', moment(event.started_at)],
    [
      'Status',
      <span class="row">
        <StatusBadge event={event} />
        <span class="muted">
          {event.outcome}
          {event.client_gone ? ', the client left' : ''}
        </span>
      </span>,
    ],
    ['Key', <a href={`/keys/${event.key_id}`}>{keyName ?? event.key_id}</a>],
    [
      'Endpoint',
      <code>
        {event.endpoint}
        {event.stream ? ' (streamed)' : ''}
      </code>,
    ],
    ['Asked for', event.asked_model],
    ['Served by', `${event.provider} ${event.model}`],
    ['First byte', milliseconds(event.first_byte_ms)],
    ['Time taken', milliseconds(event.duration_ms)],
    ['Attempts', count(event.attempts)],
    ...tokenFacts(event),
    ['Tokens are', sources[event.usage_source]],
    ['Cost', <strong title={event.cost}>{money(event.cost, 6)}</strong>],
    ['Priced at', `${event.usd_rate} per US dollar, prices ${event.price_version}`],
    ['Node', event.node],
  ];
  return (
    <Dialog title="Call" onClose={onClose} onSubmit={onClose} foot={<Button type="submit">Close</Button>}>
      <dl class="facts">
        {facts.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}
      </dl>
    </Dialog>
  );
}
