// Credits: every wallet's lots, and topping up.
import {useMemo, useState} from 'preact/hooks';
import {get} from '../../api/client';
import type {Lot} from '../../api/types';
import {useLoad} from '../../api/use_load';
import {TopUpDialog} from '../../billing/top_up_dialog';
import {micros} from '../../lib/money';
import {useSearch} from '../../lib/router';
import {useSite} from '../../lib/site';
import {Badge, Bar, When} from '../../ui/bits';
import {Button} from '../../ui/button';
import {Select} from '../../ui/field';
import {Page} from '../../ui/page';
import {Callout, Empty, Failure} from '../../ui/states';
import {Table, type Column} from '../../ui/table';

const states = {
  active: ['good', 'Open'],
  consumed: ['plain', 'Used up'],
  expired: ['warn', 'Expired'],
} as const;

export default function Credits() {
  const {money, settings} = useSite();
  const [account, setAccount] = useSearch('account', '');
  const [topUp, setTopUp] = useState(false);
  const users = useLoad(signal => get('/api/admin/users', {query: {limit: 200}, signal}), []);
  const lots = useLoad(
    signal => get('/api/admin/credits', {query: {account_id: account || undefined}, signal}),
    [account],
  );
  const emails = useMemo(() => new Map(users.data?.data.map(user => [user.id, user.email])), [users.data]);
  const chosen = emails.get(account);
  const columns: Column<Lot>[] = [
    {
      title: 'Account',
      head: true,
      by: lot => emails.get(lot.account_id) ?? lot.account_id,
      cell: lot => (
        <div class="name-cell">
          <span class="truncate">{emails.get(lot.account_id) ?? lot.account_id}</span>
          {lot.note && (
            <small class="truncate" title={lot.note}>
              {lot.note}
            </small>
          )}
        </div>
      ),
    },
    {
      title: 'State',
      by: lot => lot.state,
      cell: lot => (
        <Badge dot tone={states[lot.state][0]}>
          {states[lot.state][1]}
        </Badge>
      ),
    },
    {
      title: 'Consumed',
      cell: lot => (
        <div class="share">
          <span class="nowrap num">
            {money(lot.consumed)} <span class="muted">of {money(lot.amount)}</span>
          </span>
          <Bar plain part={micros(lot.consumed)} whole={micros(lot.amount)} label="Consumed" />
        </div>
      ),
    },
    {
      title: 'Left',
      right: true,
      by: lot => micros(lot.remaining),
      cell: lot => <span title={lot.remaining}>{money(lot.state === 'expired' ? '0' : lot.remaining)}</span>,
    },
    {title: 'Added', hideSmall: true, by: lot => lot.added_at, cell: lot => <When at={lot.added_at} />},
    {title: 'Expires', by: lot => lot.expires_at ?? '9999', cell: lot => <When at={lot.expires_at} />},
  ];
  return (
    <Page
      title="Credits"
      lead="Prepaid lots of every wallet."
      actions={
        <Button look="primary" icon="plus" onClick={() => setTopUp(true)}>
          Top up
        </Button>
      }>
      {!settings.wallet && (
        <Callout tone="warn">
          <span>
            Wallets are switched off: calls are not paid from credit. Set <code>billing.wallet: true</code> to
            switch them on.
          </span>
        </Callout>
      )}
      <div class="toolbar">
        <Select
          aria-label="Account"
          value={account}
          onValue={setAccount}
          options={[['', 'Every account'], ...[...emails].map(([id, email]) => [id, email] as const)]}
        />
      </div>
      <div class="card">
        {lots.problem && !lots.data ? (
          <Failure problem={lots.problem} retry={lots.reload} />
        ) : lots.data?.data.length === 0 ? (
          <Empty
            icon="wallet"
            title="No credit was given yet"
            action={
              <Button look="primary" onClick={() => setTopUp(true)}>
                Top up a wallet
              </Button>
            }>
            Enter what was paid outside; calls consume it oldest first.
          </Empty>
        ) : (
          <Table label="Lots" busy={lots.busy} columns={columns} rows={lots.data?.data} id={lot => lot.id} />
        )}
      </div>
      {topUp && (
        <TopUpDialog
          {...(chosen ? {account: {id: account, email: chosen}} : {})}
          onClose={() => setTopUp(false)}
          onDone={lots.reload}
        />
      )}
    </Page>
  );
}
