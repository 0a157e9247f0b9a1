// Making and changing accounts; links that are shown once.
import {useState} from 'preact/hooks';
import {patch, post, Problem} from '../api/client';
import type {User} from '../api/types';
import {useAction} from '../api/use_load';
import {useSite} from '../lib/site';
import {Button, CopyButton} from '../ui/button';
import {Dialog, FormProblem} from '../ui/dialog';
import {errorOf, SelectField, TextField} from '../ui/field';
import {Callout} from '../ui/states';
import {toast} from '../ui/toast';

type Role = User['role'];
const roles: readonly (readonly [Role, string])[] = [
  ['member', 'Member: own keys, usage and billing'],
  ['admin', 'Administrator: everything'],
];

/** "": the default; "0": no limit. */
function concurrencyOf(text: string): number | null {
  if (!text.trim()) return null;
  if (!/^\d{1,6}$/.test(text.trim()))
    throw new Problem('A whole number; 0 for no limit.', 400, 'invalid_field', 'concurrency', null);
  return Number(text);
}

interface DoneProps {
  onClose: () => void;
  onDone: () => void;
}

function Foot({onClose, busy, action}: {onClose: () => void; busy: boolean; action: string}) {
  return (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" look="primary" busy={busy}>
        {action}
      </Button>
    </>
  );
}

export function CreateUserDialog({onClose, onDone}: DoneProps) {
  const {settings} = useSite();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('member');
  const {busy, problem, run} = useAction();
  const submit = async () => {
    const done = await run(async () => {
      if (!email.trim()) throw new Problem('Enter an e-mail address.', 400, 'missing_field', 'email', null);
      await post('/api/admin/users', {
        email: email.trim(),
        name: name.trim(),
        role,
        ...(password ? {password} : {}),
      });
    });
    if (!done) return;
    toast.say(`${email.trim()} has an account.`);
    onDone();
    onClose();
  };
  return (
    <Dialog
      title="Create an account"
      lead="For somebody else; an invitation lets them choose their own password."
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={<Foot onClose={onClose} busy={busy} action="Create account" />}>
      <TextField
        label="E-mail address"
        type="email"
        autofocus
        autocomplete="off"
        value={email}
        onValue={setEmail}
        error={errorOf(problem, 'email')}
      />
      <TextField
        label="Name"
        optional
        autocomplete="off"
        value={name}
        onValue={setName}
        error={errorOf(problem, 'name')}
      />
      <SelectField
        label="Role"
        value={role}
        onValue={setRole}
        options={roles}
        error={errorOf(problem, 'role')}
      />
      <TextField
        label="Password"
        optional
        type="password"
        autocomplete="new-password"
        value={password}
        onValue={setPassword}
        hint={`At least ${settings.password_min_length} characters. Without one the account cannot sign in until you make a link for a new password.`}
        error={errorOf(problem, 'password')}
      />
      <FormProblem problem={problem} fields={['email', 'name', 'role', 'password']} />
    </Dialog>
  );
}

export function EditUserDialog({user, onClose, onDone}: DoneProps & {user: User}) {
  const {settings, account} = useSite();
  const [name, setName] = useState(user.name);
  const [role, setRole] = useState<Role>(user.role);
  const [concurrency, setConcurrency] = useState(user.concurrency === null ? '' : String(user.concurrency));
  const {busy, problem, run} = useAction();
  const submit = async () => {
    const change = {name: name.trim(), ...(role === user.role ? {} : {role})};
    if (
      !(await run(async () =>
        patch('/api/admin/users/{id}', {...change, concurrency: concurrencyOf(concurrency)}, {id: user.id}),
      ))
    )
      return;
    toast.say('The account is saved.');
    onDone();
    onClose();
  };
  return (
    <Dialog
      title="Edit account"
      lead={<span class="wrap">{user.email}</span>}
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={<Foot onClose={onClose} busy={busy} action="Save" />}>
      <TextField
        label="Name"
        value={name}
        onValue={setName}
        autocomplete="off"
        autofocus
        error={errorOf(problem, 'name')}
      />
      <SelectField
        label="Role"
        value={role}
        onValue={setRole}
        options={roles}
        disabled={user.id === account.id}
        hint={user.id === account.id ? 'Another administrator can change yours.' : undefined}
        error={errorOf(problem, 'role')}
      />
      <TextField
        label="Calls at the same time"
        optional
        inputMode="numeric"
        value={concurrency}
        onValue={setConcurrency}
        placeholder={
          settings.account_concurrency
            ? `As for everybody: ${settings.account_concurrency}`
            : 'As for everybody: no limit'
        }
        hint="By all keys of the account together. 0: no limit."
        error={errorOf(problem, 'concurrency')}
      />
      <FormProblem problem={problem} fields={['name', 'role', 'concurrency']} />
    </Dialog>
  );
}

export interface OneTimeLink {
  title: string;
  whom: string;
  path: string;
  expiresAt: string;
}

export function InviteDialog({onClose, onMade}: {onClose: () => void; onMade: (link: OneTimeLink) => void}) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [days, setDays] = useState<'1' | '7' | '30'>('7');
  const {busy, problem, run} = useAction();
  const submit = () =>
    run(async () => {
      const made = await post('/api/admin/invitations', {
        role,
        valid_days: Number(days),
        ...(email.trim() ? {email: email.trim()} : {}),
      });
      onMade({
        title: 'Invitation',
        whom: made.email ?? 'Whoever has the link',
        path: made.path,
        expiresAt: made.expires_at,
      });
    });
  return (
    <Dialog
      title="Invite somebody"
      lead="Makes a link that you pass on: the gateway sends no mail."
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={<Foot onClose={onClose} busy={busy} action="Make the link" />}>
      <TextField
        label="E-mail address"
        optional
        type="email"
        autofocus
        autocomplete="off"
        value={email}
        onValue={setEmail}
        hint="With it, only this address can use the link."
        error={errorOf(problem, 'email')}
      />
      <SelectField
        label="Role"
        value={role}
        onValue={setRole}
        options={roles}
        error={errorOf(problem, 'role')}
      />
      <SelectField
        label="The link works for"
        value={days}
        onValue={setDays}
        options={[
          ['1', 'a day'],
          ['7', 'a week'],
          ['30', '30 days'],
        ]}
        error={errorOf(problem, 'valid_days')}
      />
      <FormProblem problem={problem} fields={['email', 'role', 'valid_days']} />
    </Dialog>
  );
}

export function LinkDialog({link, onClose}: {link: OneTimeLink; onClose: () => void}) {
  const {instant} = useSite();
  const [copied, setCopied] = useState(false);
  const address = new URL(link.path, location.origin).href;
  return (
    <Dialog
      title={link.title}
      lead={<span class="wrap">{link.whom}</span>}
      onClose={copied ? onClose : undefined}
      onSubmit={onClose}
      foot={
        <Button type="submit" look={copied ? 'primary' : 'plain'}>
          {copied ? 'Done' : 'I have stored it'}
        </Button>
      }>
      <Callout tone="warn">
        <strong>It is shown this once.</strong>
        <span>It can be used once, until {instant(link.expiresAt)}.</span>
      </Callout>
      <div class="secret">
        <code aria-label="The link" data-secret>
          {address}
        </code>
        <CopyButton
          text={address}
          what="the link"
          label="Copy"
          look="primary"
          onCopied={() => setCopied(true)}
        />
      </div>
    </Dialog>
  );
}
