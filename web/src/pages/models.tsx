// Models: what there is, and what it costs in both currencies, everything included.
import {useMemo, useState} from 'preact/hooks';
import {get} from '../api/client';
import type {Model} from '../api/types';
import {useLoad} from '../api/use_load';
import {Calculator} from '../models/calculator';
import {compact, count, plural} from '../lib/numbers';
import {formatMoney, micros} from '../lib/money';
import {useSearch} from '../lib/router';
import {useSite} from '../lib/site';
import {Badge, useSettled} from '../ui/bits';
import {Button, CopyButton} from '../ui/button';
import {Dialog} from '../ui/dialog';
import {SearchBox, Select} from '../ui/field';
import {Page} from '../ui/page';
import {Empty, Failure} from '../ui/states';
import {Table, type Column} from '../ui/table';

const step = 50;

export default function Models() {
  const {settings, currency} = useSite();
  const [search, setSearch] = useState('');
  const [provider, setProvider] = useSearch('provider', '');
  const [mode, setMode] = useSearch('mode', '');
  const [shown, setShown] = useState(step);
  const [calculate, setCalculate] = useState<{model?: Model}>();
  const [open, setOpen] = useState<Model>();
  const {data, problem, busy, reload} = useLoad(signal => get('/api/models', {signal}), []);
  const settled = useSettled(search.trim().toLowerCase(), 120);
  const all = data?.data;
  const providers = useMemo(() => [...new Set(all?.map(model => model.provider))].sort(), [all]);
  const modes = useMemo(() => [...new Set(all?.map(model => model.mode))].sort(), [all]);
  const found = useMemo(
    () =>
      all?.filter(
        model =>
          (!provider || model.provider === provider) &&
          (!mode || model.mode === mode) &&
          (!settled || `${model.id} ${model.name} ${model.description}`.toLowerCase().includes(settled)),
      ),
    [all, provider, mode, settled],
  );
  const clear = () => {
    setSearch('');
    setProvider('');
    setMode('');
  };
  return (
    <Page
      title="Models"
      lead={`What a call is charged: list price × ${trim(settings.usd_rate)} ${currency} per dollar × ${factor(settings.buffer)} × ${factor(settings.markup)}.`}
      actions={
        <Button icon="wallet" onClick={() => setCalculate({})}>
          Calculator
        </Button>
      }>
      <div class="toolbar">
        <SearchBox
          label="Search models"
          value={search}
          onValue={value => {
            setSearch(value);
            setShown(step);
          }}
        />
        <Select
          aria-label="Provider"
          value={provider}
          onValue={setProvider}
          options={[['', 'Every provider'], ...providers.map(name => [name, name] as const)]}
        />
        <Select
          aria-label="Kind"
          value={mode}
          onValue={setMode}
          options={[['', 'Every kind'], ...modes.map(name => [name, name.replaceAll('_', ' ')] as const)]}
        />
      </div>
      <div class="card">
        {problem && !data ? (
          <Failure problem={problem} retry={reload} />
        ) : all?.length === 0 ? (
          <Empty icon="cube" title="No models">
            The gateway’s configuration names no provider that has prices.
          </Empty>
        ) : found?.length === 0 ? (
          <Empty
            icon="search"
            title="No model matches"
            action={<Button onClick={clear}>Clear the filters</Button>}
          />
        ) : (
          <>
            <Table
              label="Models and prices for a million tokens"
              busy={busy}
              columns={columnsOf(setOpen, currency)}
              rows={found?.slice(0, shown)}
              id={model => model.id}
            />
            {found && (
              <div class="pager">
                <span>
                  {found.length > shown
                    ? `${count(shown)} of ${plural(found.length, 'model')}`
                    : plural(found.length, 'model')}
                </span>
                {found.length > shown && (
                  <Button small onClick={() => setShown(shown + step)}>
                    Show more
                  </Button>
                )}
              </div>
            )}
          </>
        )}
      </div>
      {open && (
        <ModelDialog
          model={open}
          onClose={() => setOpen(undefined)}
          onCalculate={() => {
            setCalculate({model: open});
            setOpen(undefined);
          }}
        />
      )}
      {calculate && all && (
        <Calculator
          models={all}
          {...(calculate.model ? {initial: calculate.model} : {})}
          onClose={() => setCalculate(undefined)}
        />
      )}
    </Page>
  );
}

/** "0.05" is a factor of 1.05. */
function factor(share: string): string {
  return trim(formatMoney(micros(share) + 1_000_000n, '', 6).trim());
}

function trim(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function Price({charged, usd, currency}: {charged: string | null; usd: string | null; currency: string}) {
  if (charged === null) return <span class="muted">–</span>;
  return (
    <div class="price">
      <span title={charged}>{formatMoney(micros(charged), currency)}</span>
      <small title={usd ?? ''}>${trim(usd ?? '0')}</small>
    </div>
  );
}

function columnsOf(open: (model: Model) => void, currency: string): Column<Model>[] {
  const per = 'Per million tokens';
  return [
    {
      title: 'Model',
      head: true,
      by: model => model.id,
      cell: model => (
        <div class="name-cell">
          <button type="button" class="link-button truncate left" onClick={() => open(model)}>
            {model.id}
          </button>
          {model.name !== model.id && <small class="truncate">{model.name}</small>}
        </div>
      ),
    },
    {
      title: 'Kind',
      hideSmall: true,
      by: model => model.mode,
      cell: model => <Badge>{model.mode.replaceAll('_', ' ')}</Badge>,
    },
    {
      title: 'Context',
      right: true,
      hideSmall: true,
      by: model => model.context_length ?? 0,
      cell: model =>
        model.context_length === null ? (
          <span class="muted">–</span>
        ) : (
          <span title={count(model.context_length)}>{compact(model.context_length)}</span>
        ),
    },
    {
      title: 'Input',
      right: true,
      by: model => micros(model.input_price_per_1m),
      cell: model => (
        <span title={per}>
          <Price charged={model.input_price_per_1m} usd={model.input_cost_per_1m} currency={currency} />
        </span>
      ),
    },
    {
      title: 'Cached',
      right: true,
      hideSmall: true,
      by: model => micros(model.cached_input_price_per_1m),
      cell: model => (
        <Price
          charged={model.cached_input_price_per_1m}
          usd={model.cached_input_cost_per_1m}
          currency={currency}
        />
      ),
    },
    {
      title: 'Output',
      right: true,
      by: model => micros(model.output_price_per_1m),
      cell: model => (
        <Price charged={model.output_price_per_1m} usd={model.output_cost_per_1m} currency={currency} />
      ),
    },
  ];
}

const kindWords: Record<Model['prices'][number]['kind'], string> = {
  input: 'Input',
  cached_input: 'Cached input',
  cache_write: 'Written to a cache',
  output: 'Output',
  audio_input: 'Audio in',
  audio_output: 'Audio out',
  image: 'Image',
  request: 'Request',
};

function ModelDialog({
  model,
  onClose,
  onCalculate,
}: {
  model: Model;
  onClose: () => void;
  onCalculate: () => void;
}) {
  const {currency} = useSite();
  type Point = Model['prices'][number];
  const columns: Column<Point>[] = [
    {
      title: 'What',
      head: true,
      cell: point => (
        <>
          {kindWords[point.kind]}
          {point.above > 0 && <small class="muted"> in prompts above {count(point.above)} tokens</small>}
        </>
      ),
    },
    {title: 'For', right: true, cell: point => (point.units === 1 ? 'each' : count(point.units))},
    {title: 'US dollars', right: true, cell: point => `$${trim(point.usd)}`},
    {
      title: 'Charged',
      right: true,
      cell: point => <span title={point.charged}>{formatMoney(micros(point.charged), currency)}</span>,
    },
  ];
  return (
    <Dialog
      title={model.name || model.id}
      lead={
        <span class="row row-wrap">
          <code class="wrap">{model.id}</code>
          <CopyButton text={model.id} what="the model’s name" look="quiet" />
        </span>
      }
      onClose={onClose}
      onSubmit={onClose}
      foot={
        <>
          <Button onClick={onCalculate}>Calculate a cost</Button>
          <Button type="submit" look="primary">
            Close
          </Button>
        </>
      }>
      {model.description && <p class="muted">{model.description}</p>}
      <dl class="facts">
        <dt>Provider</dt>
        <dd>{model.provider}</dd>
        <dt>Context</dt>
        <dd>{model.context_length === null ? 'not known' : plural(model.context_length, 'token')}</dd>
        <dt>Longest answer</dt>
        <dd>{model.max_output_tokens === null ? 'not known' : plural(model.max_output_tokens, 'token')}</dd>
        <dt>Takes</dt>
        <dd>{model.input_modalities.join(', ') || '–'}</dd>
        <dt>Gives</dt>
        <dd>{model.output_modalities.join(', ') || '–'}</dd>
        {model.tags.length > 0 && [
          <dt key="t">Can</dt>,
          <dd key="d">{model.tags.map(tag => tag.replaceAll('_', ' ')).join(', ')}</dd>,
        ]}
      </dl>
      {model.prices.length > 0 ? (
        <div class="card">
          <Table
            label="Prices"
            dense
            columns={columns}
            rows={model.prices}
            id={point => `${point.kind} ${point.above}`}
          />
        </div>
      ) : (
        <p>This model has no price. On a key with a budget it is refused.</p>
      )}
    </Dialog>
  );
}
