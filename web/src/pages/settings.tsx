// Settings: who one is, the password, where one is signed in, and how things are shown.
import {useState} from 'preact/hooks';
import {get, patch, post, Problem, remove} from '../api/client';
import type {Session} from '../api/types';
import {useAction, useLoad} from '../api/use_load';
import {useSite} from '../lib/site';
import {currentTheme, setTheme, setZoneChoice, zoneChoice, type Theme} from '../lib/theme';
import {zoneName} from '../lib/time';
import {Badge, When} from '../ui/bits';
import {Button} from '../ui/button';
import {FormProblem} from '../ui/dialog';
import {errorOf, Segments, TextField} from '../ui/field';
import {Card, Page} from '../ui/page';
import {Failure, Skeleton} from '../ui/states';
import {toast} from '../ui/toast';

export default function Settings() {
  return (
    <Page title="Settings" lead="Your account on this gateway." narrow>
      <Profile />
      <Password />
      <Sessions />
      <Appearance />
    </Page>
  );
}

function Profile() {
  const {account, setAccount, instant} = useSite();
  const [name, setName] = useState(account.name);
  const {busy, problem, run} = useAction();
  const save = async (event: Event) => {
    event.preventDefault();
    if (await run(async () => setAccount(await patch('/api/auth/me', {name: name.trim()}))))
      toast.say('Your name is saved.');
  };
  return (
    <Card
      title="Profile"
      actions={
        <Badge tone={account.role === 'admin' ? 'accent' : 'plain'}>
          {account.role === 'admin' ? 'Administrator' : 'Member'}
        </Badge>
      }>
      <form class="stack-sm" noValidate onSubmit={event => void save(event)}>
        <TextField
          label="E-mail address"
          type="email"
          value={account.email}
          onValue={() => {}}
          disabled
          hint={`Account ${account.id}, since ${instant(account.created_at)}`}
        />
        <TextField
          label="Name"
          value={name}
          onValue={setName}
          autocomplete="name"
          error={errorOf(problem, 'name')}
        />
        <FormProblem problem={problem} fields={['name']} />
        <div>
          <Button type="submit" busy={busy} disabled={name.trim() === account.name}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Password() {
  const {settings, account} = useSite();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const {busy, problem, run} = useAction();
  const save = async (event: Event) => {
    event.preventDefault();
    const done = await run(async () => {
      if (next.length < settings.password_min_length) {
        throw new Problem(
          `Take at least ${settings.password_min_length} characters.`,
          400,
          'invalid_field',
          'new_password',
          null,
        );
      }
      await post('/api/auth/password', {current_password: current, new_password: next});
    });
    if (!done) return;
    setCurrent('');
    setNext('');
    toast.say('Your password is changed. Your other sessions have ended.');
  };
  return (
    <Card title="Password" lead="Changing it ends your sessions everywhere else.">
      <form class="stack-sm" noValidate onSubmit={event => void save(event)}>
        <input
          type="text"
          class="sr-only"
          tabIndex={-1}
          aria-hidden="true"
          autocomplete="username"
          value={account.email}
          readOnly
        />
        <div class="columns">
          <TextField
            label="Current password"
            type="password"
            autocomplete="current-password"
            value={current}
            onValue={setCurrent}
            error={errorOf(problem, 'current_password')}
          />
          <TextField
            label="New password"
            type="password"
            autocomplete="new-password"
            value={next}
            onValue={setNext}
            hint={`At least ${settings.password_min_length} characters.`}
            error={errorOf(problem, 'new_password')}
          />
        </div>
        <FormProblem problem={problem} fields={['current_password', 'new_password']} />
        <div>
          <Button type="submit" busy={busy} disabled={!current || !next}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** "Firefox on Linux", from what the browser calls itself; a guess that is only shown. */
export function browserOf(agent: string): string {
  const browser = [
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Firefox/', 'Firefox'],
    ['HeadlessChrome/', 'Chrome'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
    ['curl/', 'curl'],
  ].find(([mark]) => agent.includes(mark!))?.[1];
  const system = [
    ['Android', 'Android'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Windows', 'Windows'],
    ['Mac OS', 'macOS'],
    ['Linux', 'Linux'],
  ].find(([mark]) => agent.includes(mark!))?.[1];
  return [browser ?? (agent.slice(0, 40) || 'Unknown program'), system && `on ${system}`]
    .filter(Boolean)
    .join(' ');
}

function Sessions() {
  const {data, problem, reload} = useLoad(signal => get('/api/auth/sessions', {signal}), []);
  const action = useAction();
  const end = async (session?: Session) => {
    const done = await action.run(() =>
      session ? remove('/api/auth/sessions/{id}', {id: session.id}) : remove('/api/auth/sessions'),
    );
    if (!done) return;
    toast.say(session ? 'That session has ended.' : 'Your other sessions have ended.');
    reload();
  };
  const others = data?.data.filter(session => !session.current).length ?? 0;
  return (
    <Card
      title="Sessions"
      lead="Where you are signed in"
      flush
      actions={
        others > 0 && (
          <Button small busy={action.busy} onClick={() => void end()}>
            End all others
          </Button>
        )
      }>
      {action.problem && (
        <div class="card-body">
          <FormProblem problem={action.problem} />
        </div>
      )}
      {problem && !data ? (
        <Failure problem={problem} retry={reload} />
      ) : (
        <ul class="rows">
          {data ? (
            data.data.map(session => (
              <li key={session.id}>
                <div class="grow">
                  <div class="row row-wrap">
                    <span title={session.user_agent}>{browserOf(session.user_agent)}</span>
                    {session.current && <Badge tone="good">This one</Badge>}
                  </div>
                  <div class="muted small">
                    {session.address} · seen <When at={session.last_seen_at} /> · signed in{' '}
                    <When at={session.created_at} />
                  </div>
                </div>
                {!session.current && (
                  <Button
                    small
                    onClick={() => void end(session)}
                    aria-label={`End the session of ${browserOf(session.user_agent)} at ${session.address}`}>
                    End
                  </Button>
                )}
              </li>
            ))
          ) : (
            <li>
              <Skeleton width="w60" />
            </li>
          )}
        </ul>
      )}
    </Card>
  );
}

function Appearance() {
  const {ledgerZone, refresh} = useSite();
  const [theme, choose] = useState<Theme>(currentTheme());
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const now = new Date();
  return (
    <Card title="Appearance" lead="Kept in this browser">
      <div class="stack">
        <div class="row spread row-wrap">
          <div>
            <div class="label">Theme</div>
            <div class="hint">As your system has it, unless you choose.</div>
          </div>
          <Segments
            label="Theme"
            value={theme}
            onValue={next => {
              setTheme(next);
              choose(next);
            }}
            options={[
              ['system', 'System'],
              ['light', 'Light'],
              ['dark', 'Dark'],
            ]}
          />
        </div>
        <div class="row spread row-wrap">
          <div>
            <div class="label">Times are shown in</div>
            <div class="hint">Days of budgets and reports are always those of the ledger, {ledgerZone}.</div>
          </div>
          <Segments
            label="Times are shown in"
            value={zoneChoice()}
            onValue={next => {
              setZoneChoice(next);
              refresh();
            }}
            options={[
              ['ledger', `Ledger (${zoneName(ledgerZone, now)})`],
              ['browser', `Mine (${zoneName(own, now)})`],
            ]}
          />
        </div>
      </div>
    </Card>
  );
}
