// Accounts: who there is, who is invited, what each spends; making, disabling, roles, new passwords.
import {useState} from 'preact/hooks';
import {get, patch, post, remove} from '../../api/client';
import type {Invitation, User} from '../../api/types';
import {useLoad, usePages} from '../../api/use_load';
import {
  CreateUserDialog,
  EditUserDialog,
  InviteDialog,
  LinkDialog,
  type OneTimeLink,
} from '../../admin/account_dialogs';
import {TopUpDialog} from '../../billing/top_up_dialog';
import {count} from '../../lib/numbers';
import {micros} from '../../lib/money';
import {useSite} from '../../lib/site';
import {Badge, useSettled, When} from '../../ui/bits';
import {Button} from '../../ui/button';
import {ConfirmDialog} from '../../ui/dialog';
import {SearchBox} from '../../ui/field';
import {Menu, type MenuItem} from '../../ui/menu';
import {Card, Page} from '../../ui/page';
import {Empty, Failure} from '../../ui/states';
import {PagedTable, Table, type Column} from '../../ui/table';
import {toast} from '../../ui/toast';

type Open =
  | {what: 'create' | 'invite'}
  | {what: 'edit' | 'disable' | 'reset' | 'sessions' | 'credit'; user: User}
  | {what: 'link'; link: OneTimeLink};

export default function Accounts() {
  const {account, money, settings} = useSite();
  const [search, setSearch] = useState('');
  const settled = useSettled(search.trim());
  const [open, setOpen] = useState<Open>();
  const users = usePages(
    (after, signal) =>
      get('/api/admin/users', {query: {after, limit: 100, search: settled}, ...(signal ? {signal} : {})}),
    [settled],
  );
  const invitations = useLoad(signal => get('/api/admin/invitations', {signal}), []);
  // By the time a dialog is done, the link that it made may have taken its place.
  const close = () => setOpen(now => (now?.what === 'link' ? now : undefined));
  const closeLink = () => setOpen(undefined);
  const showLink = (link: OneTimeLink) => setOpen({what: 'link', link});

  const enable = async (user: User) => {
    try {
      await patch('/api/admin/users/{id}', {disabled: false}, {id: user.id});
      toast.say(`${user.email} may sign in and call again.`);
      users.reload();
    } catch (error) {
      toast.bad((error as Error).message);
    }
  };
  const items = (user: User): (MenuItem | false)[] => [
    {label: 'Edit', icon: 'edit', onPick: () => setOpen({what: 'edit', user})},
    {label: 'Usage', icon: 'chart', href: `/usage?scope=${encodeURIComponent(user.id)}`},
    {label: 'Keys', icon: 'key', href: `/keys?scope=${encodeURIComponent(user.id)}`},
    settings.wallet && {label: 'Top up', icon: 'wallet', onPick: () => setOpen({what: 'credit', user})},
    {label: 'New password link', icon: 'mail', onPick: () => setOpen({what: 'reset', user})},
    {label: 'End sessions', icon: 'logout', onPick: () => setOpen({what: 'sessions', user})},
    user.id !== account.id &&
      (user.disabled
        ? {label: 'Enable', icon: 'play', onPick: () => void enable(user)}
        : {label: 'Disable', icon: 'pause', danger: true, onPick: () => setOpen({what: 'disable', user})}),
  ];
  const columns: Column<User>[] = [
    {
      title: 'Account',
      head: true,
      by: user => user.email,
      cell: user => (
        <div class="name-cell">
          <span class="truncate" title={user.email}>
            {user.email}
            {user.id === account.id && <span class="muted"> (you)</span>}
          </span>
          <small class="truncate">{user.name}</small>
        </div>
      ),
    },
    {
      title: 'Role',
      by: user => user.role,
      cell: user => (
        <Badge tone={user.role === 'admin' ? 'accent' : 'plain'}>
          {user.role === 'admin' ? 'Administrator' : 'Member'}
        </Badge>
      ),
    },
    {
      title: 'State',
      by: user => String(user.disabled),
      cell: user =>
        user.disabled ? (
          <Badge tone="bad" dot>
            Disabled
          </Badge>
        ) : (
          <Badge tone="good" dot>
            Active
          </Badge>
        ),
    },
    {
      title: 'Active keys',
      right: true,
      hideSmall: true,
      by: user => user.keys,
      cell: user => count(user.keys),
    },
    {
      title: 'Requests',
      right: true,
      hideSmall: true,
      by: user => user.requests,
      cell: user => count(user.requests),
    },
    {
      title: 'Spend',
      right: true,
      by: user => micros(user.spent),
      cell: user => <span title={user.spent}>{money(user.spent)}</span>,
    },
    ...(settings.wallet
      ? [
          {
            title: 'Balance',
            right: true,
            by: (user: User) => micros(user.balance),
            cell: (user: User) => <span title={user.balance}>{money(user.balance)}</span>,
          },
        ]
      : []),
    {
      title: 'Actions',
      hideTitle: true,
      right: true,
      cell: user => <Menu label={`Actions for ${user.email}`} items={items(user)} />,
    },
  ];
  return (
    <Page
      title="Accounts"
      lead="Who may sign in here and make keys."
      actions={
        <>
          <Button icon="mail" onClick={() => setOpen({what: 'invite'})}>
            Invite
          </Button>
          <Button look="primary" icon="plus" onClick={() => setOpen({what: 'create'})}>
            Create account
          </Button>
        </>
      }>
      <div class="toolbar">
        <SearchBox label="Search by address or name" value={search} onValue={setSearch} />
      </div>
      <div class="card">
        <PagedTable
          label="Accounts"
          noun={users.data?.length === 1 ? 'account' : 'accounts'}
          pages={users}
          columns={columns}
          id={user => user.id}
          empty={
            <Empty
              icon="users"
              title="No account matches"
              action={<Button onClick={() => setSearch('')}>Clear the search</Button>}
            />
          }
        />
      </div>
      <Invitations list={invitations} />
      {open && (
        <Dialogs
          open={open}
          close={open.what === 'link' ? closeLink : close}
          showLink={showLink}
          reload={() => {
            users.reload();
            invitations.reload();
          }}
        />
      )}
    </Page>
  );
}

interface DialogsProps {
  open: Open;
  close: () => void;
  showLink: (link: OneTimeLink) => void;
  reload: () => void;
}

function Dialogs({open, close, showLink, reload}: DialogsProps) {
  switch (open.what) {
    case 'create':
      return <CreateUserDialog onClose={close} onDone={reload} />;
    case 'invite':
      return (
        <InviteDialog
          onClose={close}
          onMade={link => {
            reload();
            showLink(link);
          }}
        />
      );
    case 'link':
      return <LinkDialog link={open.link} onClose={close} />;
    case 'edit':
      return <EditUserDialog user={open.user} onClose={close} onDone={reload} />;
    case 'credit':
      return (
        <TopUpDialog account={{id: open.user.id, email: open.user.email}} onClose={close} onDone={reload} />
      );
    case 'disable':
      return <Disable user={open.user} close={close} reload={reload} />;
    case 'sessions':
      return <EndSessions user={open.user} close={close} />;
    case 'reset':
      return <ResetLink user={open.user} close={close} showLink={showLink} />;
  }
}

function Disable({user, close, reload}: {user: User; close: () => void; reload: () => void}) {
  const run = async () => {
    await patch('/api/admin/users/{id}', {disabled: true}, {id: user.id});
    toast.say(`${user.email} is disabled.`);
    reload();
  };
  return (
    <ConfirmDialog title="Disable this account?" action="Disable" danger run={run} onClose={close}>
      <p>
        <strong class="wrap">{user.email}</strong> cannot sign in, and calls with any of its keys are refused,
        until you enable it again. Nothing is deleted.
      </p>
    </ConfirmDialog>
  );
}

function EndSessions({user, close}: {user: User; close: () => void}) {
  const run = async () => {
    await remove('/api/admin/users/{id}/sessions', {id: user.id});
    toast.say('The sessions have ended.');
  };
  return (
    <ConfirmDialog title="End all sessions?" action="End sessions" run={run} onClose={close}>
      <p>
        <strong class="wrap">{user.email}</strong> is signed out everywhere and can sign in again. Keys go on
        working.
      </p>
    </ConfirmDialog>
  );
}

function ResetLink({
  user,
  close,
  showLink,
}: {
  user: User;
  close: () => void;
  showLink: (link: OneTimeLink) => void;
}) {
  const run = async () => {
    const {path, expires_at} = await post('/api/admin/users/{id}/reset', {}, {id: user.id});
    showLink({title: 'Link for a new password', whom: user.email, path, expiresAt: expires_at});
  };
  return (
    <ConfirmDialog title="Make a link for a new password?" action="Make link" run={run} onClose={close}>
      <p>
        Give it to <strong class="wrap">{user.email}</strong> yourself: the gateway sends no mail. When it is
        used, all sessions of the account end.
      </p>
    </ConfirmDialog>
  );
}

function invitationState(invitation: Invitation) {
  if (invitation.used_at)
    return (
      <Badge tone="good" dot>
        Used
      </Badge>
    );
  return new Date(invitation.expires_at) < new Date() ? (
    <Badge tone="warn" dot>
      Expired
    </Badge>
  ) : (
    <Badge tone="accent" dot>
      Open
    </Badge>
  );
}

function Invitations({list}: {list: ReturnType<typeof useLoad<{data: Invitation[]}>>}) {
  const [taken, setTaken] = useState<Invitation>();
  const columns: Column<Invitation>[] = [
    {
      title: 'For',
      head: true,
      cell: invitation => (
        <div class="name-cell">
          <span class="truncate">{invitation.email ?? 'Whoever has the link'}</span>
        </div>
      ),
    },
    {title: 'Role', cell: invitation => (invitation.role === 'admin' ? 'Administrator' : 'Member')},
    {title: 'State', cell: invitationState},
    {title: 'Made', hideSmall: true, cell: invitation => <When at={invitation.created_at} />},
    {title: 'Expires', cell: invitation => <When at={invitation.expires_at} />},
    {
      title: 'Actions',
      hideTitle: true,
      right: true,
      cell: invitation =>
        !invitation.used_at && (
          <Button
            small
            look="quiet"
            onClick={() => setTaken(invitation)}
            aria-label={`Withdraw the invitation for ${invitation.email ?? 'whoever has the link'}`}>
            Withdraw
          </Button>
        ),
    },
  ];
  if (list.problem && !list.data)
    return (
      <Card title="Invitations">
        <Failure problem={list.problem} retry={list.reload} />
      </Card>
    );
  if (!list.data?.data.length) return null;
  const withdraw = async () => {
    await remove('/api/admin/invitations/{id}', {id: taken!.id});
    toast.say('The invitation is withdrawn.');
    list.reload();
  };
  return (
    <Card title="Invitations" flush>
      <Table
        label="Invitations"
        dense
        busy={list.busy}
        columns={columns}
        rows={list.data.data}
        id={invitation => invitation.id}
      />
      {taken && (
        <ConfirmDialog
          title="Withdraw this invitation?"
          action="Withdraw"
          danger
          run={withdraw}
          onClose={() => setTaken(undefined)}>
          <p>Its link stops working.</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
