// Nodes: which processes serve, since when, and what each reaches. The one that answers knows more of itself than the others
// tell it.
import {useEffect} from 'preact/hooks';
import {get} from '../../api/client';
import {useLoad} from '../../api/use_load';
import {count} from '../../lib/numbers';
import {Badge, When} from '../../ui/bits';
import {Button} from '../../ui/button';
import {Page} from '../../ui/page';
import {Callout, Empty, Failure} from '../../ui/states';
import {Table, type Column} from '../../ui/table';

type Node = NonNullable<Awaited<ReturnType<typeof ask>>>['data'][number];
const ask = (signal: AbortSignal) => get('/api/admin/nodes', {signal});

function State({node}: {node: Node}) {
  const [tone, word] = !node.alive
    ? (['bad', 'Silent'] as const)
    : node.ready === false
      ? (['bad', 'Not ready'] as const)
      : node.ready === true
        ? (['good', 'Ready'] as const)
        : (['good', 'Alive'] as const);
  return (
    <Badge tone={tone} dot>
      {word}
    </Badge>
  );
}

function partsOf(node: Node) {
  if (node.parts === null) {
    if (!node.alive) return <span class="muted">Unknown</span>;
    return (
      <Badge dot tone={node.reaches_redis ? 'good' : 'bad'}>
        redis{node.reaches_redis ? '' : ': unreachable'}
      </Badge>
    );
  }
  // That it is draining is worth a word only when it is.
  const parts = Object.entries(node.parts).filter(
    ([name, state]) => name !== 'draining' || state !== 'false',
  );
  if (parts.length === 0) return <span class="muted">–</span>;
  const well = (state: string) => state === 'ok';
  return (
    <span class="row row-wrap">
      {parts.map(([name, state]) => (
        <Badge key={name} dot tone={well(state) ? 'good' : 'bad'}>
          {name}
          {well(state) ? '' : `: ${state}`}
        </Badge>
      ))}
    </span>
  );
}

const known = (value: number | null) =>
  value === null ? (
    <span class="muted" title="Ask this node itself">
      –
    </span>
  ) : (
    count(value)
  );

const columns: Column<Node>[] = [
  {
    title: 'Node',
    head: true,
    by: node => node.name,
    cell: node => (
      <div class="name-cell">
        <span class="row">
          <span class="truncate">{node.name}</span>
          {node.current && <Badge tone="accent">This one</Badge>}
        </span>
        <small>{[node.host, node.version && `version ${node.version}`].filter(Boolean).join(' · ')}</small>
      </div>
    ),
  },
  {title: 'State', cell: node => <State node={node} />},
  {title: 'Reaches', cell: partsOf},
  {title: 'Workers', right: true, by: node => node.workers ?? -1, cell: node => known(node.workers)},
  {
    title: 'Connections',
    right: true,
    by: node => node.connections ?? -1,
    cell: node => known(node.connections),
  },
  {
    title: 'Started',
    by: node => node.started_at ?? '',
    cell: node => <When at={node.started_at} never="Unknown" />,
  },
  {title: 'Last beat', by: node => node.seen_at, cell: node => <When at={node.seen_at} />},
];

export default function Nodes() {
  const {data, problem, busy, reload} = useLoad(ask, []);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), 10_000);
    return () => clearInterval(timer);
  }, []);
  const silent = data?.data.filter(node => !node.alive) ?? [];
  return (
    <Page
      title="Nodes"
      lead="The processes that serve calls, renewed every ten seconds."
      actions={
        <Button icon="rotate" busy={busy && !!data} onClick={reload}>
          Refresh
        </Button>
      }>
      {silent.length > 0 && (
        <Callout tone="warn">
          {silent.length === 1 ? 'One node has' : `${silent.length} nodes have`} stopped without taking leave.
          What its calls held stays reserved for half an hour: start it again before, or see “What an outage
          of Redis does” in the operator’s guide.
        </Callout>
      )}
      <div class="card">
        {problem && !data ? (
          <Failure problem={problem} retry={reload} />
        ) : data?.data.length === 0 ? (
          <Empty icon="server" title="No node has reported" />
        ) : (
          <Table label="Nodes" columns={columns} rows={data?.data} id={node => node.name} />
        )}
      </div>
    </Page>
  );
}
