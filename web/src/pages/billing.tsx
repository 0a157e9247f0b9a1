// Billing: the balance, the lots it is made of, and what came and went.
import {useState} from 'preact/hooks';
import {get} from '../api/client';
import type {Transaction} from '../api/types';
import {useLoad, usePages} from '../api/use_load';
import {LotTable} from '../billing/lot_list';
import {TopUpDialog} from '../billing/top_up_dialog';
import {micros} from '../lib/money';
import {count} from '../lib/numbers';
import {useSite} from '../lib/site';
import {formatDay} from '../lib/time';
import {Badge, Figure, type Tone} from '../ui/bits';
import {Button} from '../ui/button';
import {Card, Page} from '../ui/page';
import {Callout, Empty, Failure, ProblemCallout} from '../ui/states';
import {PagedTable, type Column} from '../ui/table';

const kinds: Record<Transaction['kind'], [Tone, string]> = {
  top_up: ['good', 'Top-up'],
  usage: ['plain', 'Usage'],
  expiry: ['warn', 'Expired'],
};

export default function Billing() {
  const {settings, isAdmin, account, money, instant} = useSite();
  const [topUp, setTopUp] = useState(false);
  const balance = useLoad(signal => get('/api/billing/balance', {signal}), []);
  const lots = useLoad(signal => get('/api/billing/lots', {signal}), []);
  const transactions = usePages(
    (after, signal) =>
      get('/api/billing/transactions', {query: {after, limit: 50}, ...(signal ? {signal} : {})}),
    [],
  );
  const reload = () => [balance, lots, transactions].forEach(one => one.reload());
  const {data} = balance;
  const next = data?.next_expiry;
  return (
    <Page
      title="Billing"
      lead="Prepaid credit and what became of it."
      actions={
        isAdmin &&
        settings.wallet && (
          <Button look="primary" icon="plus" onClick={() => setTopUp(true)}>
            Top up
          </Button>
        )
      }>
      {balance.problem && !data && <ProblemCallout problem={balance.problem} retry={balance.reload} />}
      {!settings.wallet && (
        <Callout>
          <strong>Wallets are switched off on this gateway.</strong>
          <span>Calls are counted, not paid in advance. What limits them are the budgets of keys.</span>
        </Callout>
      )}
      {data && micros(data.debt) > 0n && (
        <Callout tone="warn">
          <span>Calls cost {money(data.debt)} more than every lot held. The next top-up pays it first.</span>
        </Callout>
      )}
      <div class="figures">
        {settings.wallet && (
          <Figure
            label="Balance"
            value={data && money(data.balance)}
            title={data?.balance}
            note={data && (next ? 'in open lots' : 'No open lot')}
          />
        )}
        {settings.wallet && (
          <Figure
            label="Next to expire"
            value={data && (next ? money(next.amount) : '–')}
            note={data && (next ? instant(next.at) : 'Nothing expires')}
          />
        )}
        <Figure
          label="Spent in all"
          value={data && money(data.total_usage)}
          title={data?.total_usage}
          note="by all your keys"
        />
        {settings.wallet && (
          <Figure
            label="Topped up in all"
            value={data && money(data.total_credits)}
            title={data?.total_credits}
            note={
              data &&
              (micros(data.expired) > 0n
                ? `${money(data.expired)} of it expired unused`
                : 'Nothing expired unused')
            }
          />
        )}
      </div>
      {settings.wallet && (
        <Card title="Lots" lead="Consumed from the top; each keeps its own expiry" flush>
          {lots.problem && !lots.data ? (
            <Failure problem={lots.problem} retry={lots.reload} />
          ) : lots.data?.data.length === 0 ? (
            <Empty icon="wallet" title="No credit yet">
              {isAdmin
                ? 'Top up this wallet, or another one under Credits.'
                : 'An administrator of this gateway can top up your wallet.'}
            </Empty>
          ) : (
            <LotTable lots={lots.data?.data} busy={lots.busy} />
          )}
        </Card>
      )}
      <Card title="Transactions" lead="The calls of a day are one entry" flush>
        <PagedTable
          label="Transactions"
          noun="entries"
          dense
          pages={transactions}
          columns={transactionColumns(money, instant)}
          id={entry => entry.id}
          empty={
            <Empty icon="list" title="Nothing yet">
              Top-ups, the spend of each day and expired credit are listed here.
            </Empty>
          }
        />
      </Card>
      {topUp && (
        <TopUpDialog
          account={{id: account.id, email: account.email}}
          onClose={() => setTopUp(false)}
          onDone={reload}
        />
      )}
    </Page>
  );
}

function transactionColumns(
  money: (text: string) => string,
  instant: (text: string) => string,
): Column<Transaction>[] {
  return [
    {
      title: 'When',
      head: true,
      cell: entry => (
        <span class="nowrap num">
          {entry.kind === 'usage' ? `${formatDay(entry.day)} ${entry.day.slice(0, 4)}` : instant(entry.at)}
        </span>
      ),
    },
    {title: 'What', cell: entry => <Badge tone={kinds[entry.kind][0]}>{kinds[entry.kind][1]}</Badge>},
    {title: 'Note', cell: entry => <span class="wrap muted">{entry.note}</span>},
    {title: 'Requests', right: true, hideSmall: true, cell: entry => count(entry.requests)},
    {
      title: 'Amount',
      right: true,
      cell: entry => (
        <span class={micros(entry.amount) > 0n ? 'good' : ''} title={entry.amount}>
          {micros(entry.amount) > 0n ? '+' : ''}
          {money(entry.amount)}
        </span>
      ),
    },
  ];
}
