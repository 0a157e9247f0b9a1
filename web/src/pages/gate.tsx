// Before one is in: signing in, making an account (the first one on a new gateway), setting a new password.
import {useEffect, useState} from 'preact/hooks';
import {Problem, post} from '../api/client';
import type {Account, Settings} from '../api/types';
import {useAction} from '../api/use_load';
import {navigate} from '../lib/router';
import {Button} from '../ui/button';
import {FormProblem} from '../ui/dialog';
import {errorOf, TextField} from '../ui/field';
import {Mark} from '../ui/icons';
import {Callout} from '../ui/states';
import {toast} from '../ui/toast';

interface GateProps {
  settings: Settings;
  path: string;
  onSignedIn: (account: Account) => void;
}

/** Secrets of links stand behind the #, which is never sent to a server. */
function fromAddress(name: string): string {
  return (
    new URLSearchParams(location.hash.slice(1)).get(name) ??
    new URLSearchParams(location.search).get(name) ??
    ''
  );
}

export function Gate(props: GateProps) {
  const form =
    props.path === '/sign-up' ? (
      <SignUp {...props} />
    ) : props.path === '/reset' ? (
      <Reset {...props} />
    ) : (
      <SignIn {...props} />
    );
  return (
    <div class="gate">
      <main class="gate-card">
        <div class="brand">
          <Mark size={32} />
          tollgate
        </div>
        {form}
      </main>
      <footer class="gate-foot">
        <a href="/api/docs">API description</a>
        <span>Version {props.settings.version}</span>
      </footer>
    </div>
  );
}

interface FormProps {
  title: string;
  lead: string;
  submit: string;
  action: ReturnType<typeof useAction>;
  onSubmit: () => void;
  fields: readonly string[];
  children: preact.ComponentChildren;
}

function GateForm({title, lead, submit, action, onSubmit, fields, children}: FormProps) {
  useEffect(() => {
    document.title = `${title} – tollgate`;
  }, [title]);
  const send = (event: Event) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form class="stack" noValidate onSubmit={send}>
      <div>
        <h1>{title}</h1>
        <p class="muted">{lead}</p>
      </div>
      {children}
      <FormProblem problem={action.problem} fields={fields} />
      <Button type="submit" look="primary" block busy={action.busy}>
        {submit}
      </Button>
    </form>
  );
}

function SignIn({settings, onSignedIn}: GateProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const action = useAction();
  const submit = () =>
    action.run(async () => {
      if (!email.trim()) throw new Problem('Enter your e-mail address.', 400, 'missing_field', 'email', null);
      if (!password) throw new Problem('Enter your password.', 400, 'missing_field', 'password', null);
      onSignedIn((await post('/api/auth/login', {email: email.trim(), password})).account);
    });
  return (
    <>
      <GateForm
        title="Sign in"
        lead="To your keys, usage and billing."
        submit="Sign in"
        action={action}
        onSubmit={() => void submit()}
        fields={['email', 'password']}>
        <TextField
          label="E-mail address"
          type="email"
          autocomplete="username"
          autofocus
          value={email}
          onValue={setEmail}
          error={errorOf(action.problem, 'email')}
        />
        <TextField
          label="Password"
          type="password"
          autocomplete="current-password"
          value={password}
          onValue={setPassword}
          error={errorOf(action.problem, 'password')}
        />
      </GateForm>
      <p class="muted small">
        {settings.registration === 'open' ? (
          <>
            No account yet? <a href="/sign-up">Create one</a>.{' '}
          </>
        ) : (
          'Accounts are given by the administrators of this gateway. '
        )}
        Forgot the password? An administrator can send you a link to set a new one.
      </p>
    </>
  );
}

function signUpLead(settings: Settings, invitation: string): string {
  if (settings.needs_first_account) return 'This gateway is new: nobody has an account yet.';
  return invitation
    ? 'You were invited to this gateway.'
    : 'With an account you make keys and see what they use.';
}

function SignUp({settings, onSignedIn}: GateProps) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [invitation, setInvitation] = useState(() => fromAddress('invitation'));
  const action = useAction();
  const first = settings.needs_first_account;
  const wantsInvitation = settings.registration === 'invite' && !first;
  if (settings.registration === 'closed' && !first) {
    return (
      <div class="stack">
        <h1>Registration is closed</h1>
        <p class="muted">New accounts are made by the administrators of this gateway.</p>
        <a class="button" href="/sign-in">
          Sign in
        </a>
      </div>
    );
  }
  const submit = () =>
    action.run(async () => {
      if (!email.trim()) throw new Problem('Enter an e-mail address.', 400, 'missing_field', 'email', null);
      if (password.length < settings.password_min_length) {
        throw new Problem(
          `Take at least ${settings.password_min_length} characters.`,
          400,
          'invalid_field',
          'password',
          null,
        );
      }
      const body = {
        email: email.trim(),
        password,
        name: name.trim(),
        ...(invitation.trim() ? {invitation: invitation.trim()} : {}),
      };
      const {account} = await post('/api/auth/register', body);
      history.replaceState(null, '', '/sign-up');
      onSignedIn(account);
    });
  return (
    <>
      <GateForm
        title={first ? 'Welcome to tollgate' : 'Create an account'}
        lead={signUpLead(settings, invitation)}
        submit={first ? 'Create the administrator' : 'Create account'}
        action={action}
        onSubmit={() => void submit()}
        fields={['name', 'email', 'password', ...(wantsInvitation || invitation ? ['invitation'] : [])]}>
        {first && (
          <Callout icon="shield">
            <strong>The first account becomes the administrator.</strong>
            <span>
              It sees every account, key and call, gives credit, and invites others. Create yours before
              anyone else can reach this page.
            </span>
          </Callout>
        )}
        {(wantsInvitation || invitation) && (
          <TextField
            label="Invitation"
            value={invitation}
            onValue={setInvitation}
            autocomplete="off"
            spellcheck={false}
            hint={wantsInvitation ? 'From the link that an administrator gave you.' : undefined}
            error={errorOf(action.problem, 'invitation')}
          />
        )}
        <TextField
          label="Your name"
          optional
          autocomplete="name"
          value={name}
          onValue={setName}
          error={errorOf(action.problem, 'name')}
        />
        <TextField
          label="E-mail address"
          type="email"
          autocomplete="username"
          value={email}
          onValue={setEmail}
          error={errorOf(action.problem, 'email')}
        />
        <TextField
          label="Password"
          type="password"
          autocomplete="new-password"
          value={password}
          onValue={setPassword}
          hint={`At least ${settings.password_min_length} characters. A few words in a row are good.`}
          error={errorOf(action.problem, 'password')}
        />
      </GateForm>
      {!first && (
        <p class="muted small">
          You have an account? <a href="/sign-in">Sign in</a>.
        </p>
      )}
    </>
  );
}

function Reset({settings}: GateProps) {
  const [token, setToken] = useState(() => fromAddress('token'));
  const [password, setPassword] = useState('');
  const action = useAction();
  const submit = () =>
    action.run(async () => {
      if (!token.trim())
        throw new Problem(
          'Enter the token of the link that you were given.',
          400,
          'missing_field',
          'token',
          null,
        );
      if (password.length < settings.password_min_length) {
        throw new Problem(
          `Take at least ${settings.password_min_length} characters.`,
          400,
          'invalid_field',
          'password',
          null,
        );
      }
      await post('/api/auth/reset', {token: token.trim(), password});
      toast.say('Your password is set. Sign in with it.');
      navigate('/sign-in');
    });
  return (
    <>
      <GateForm
        title="Set a new password"
        lead="It ends all your sessions."
        submit="Set password"
        action={action}
        onSubmit={() => void submit()}
        fields={['token', 'password']}>
        <TextField
          label="Token"
          value={token}
          onValue={setToken}
          autocomplete="off"
          spellcheck={false}
          error={errorOf(action.problem, 'token')}
        />
        <TextField
          label="New password"
          type="password"
          autocomplete="new-password"
          value={password}
          onValue={setPassword}
          hint={`At least ${settings.password_min_length} characters.`}
          error={errorOf(action.problem, 'password')}
        />
      </GateForm>
      <p class="muted small">
        <a href="/sign-in">Back to signing in</a>
      </p>
    </>
  );
}
