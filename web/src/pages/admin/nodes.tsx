// Nodes: which processes serve, since when, and whether each could serve a call now.
import {useEffect} from 'preact/hooks';
import {get} from '../../api/client';
import {useLoad} from '../../api/use_load';
import {count} from '../../lib/numbers';
import {Badge, When} from '../../ui/bits';
import {Button} from '../../ui/button';
import {Page} from '../../ui/page';
import {Empty, Failure} from '../../ui/states';
import {Table, type Column} from '../../ui/table';

type Node = NonNullable<Awaited<ReturnType<typeof ask>>>['data'][number];
const ask = (signal: AbortSignal) => get('/api/admin/nodes', {signal});

function partsOf(node: Node) {
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
        <small>version {node.version}</small>
      </div>
    ),
  },
  {
    title: 'State',
    cell: node =>
      node.ready ? (
        <Badge tone="good" dot>
          Ready
        </Badge>
      ) : (
        <Badge tone="bad" dot>
          Not ready
        </Badge>
      ),
  },
  {title: 'Parts', cell: partsOf},
  {title: 'Workers', right: true, by: node => node.workers, cell: node => count(node.workers)},
  {title: 'Connections', right: true, by: node => node.connections, cell: node => count(node.connections)},
  {title: 'Started', by: node => node.started_at, cell: node => <When at={node.started_at} />},
  {title: 'Seen', hideSmall: true, by: node => node.seen_at, cell: node => <When at={node.seen_at} />},
];

export default function Nodes() {
  const {data, problem, busy, reload} = useLoad(ask, []);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), 10_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Page
      title="Nodes"
      lead="The processes that serve calls, renewed every ten seconds."
      actions={
        <Button icon="rotate" busy={busy && !!data} onClick={reload}>
          Refresh
        </Button>
      }>
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
