// What is done with a key: create, change, rotate, disable, revoke; and the one time that its secret is shown.
import {useEffect, useState} from 'preact/hooks';
import {get, patch, post, Problem, remove} from '../api/client';
import type {ApiKey, ApiKeyWithSecret} from '../api/types';
import {useAction} from '../api/use_load';
import {useSite} from '../lib/site';
import {Button, CopyButton} from '../ui/button';
import {ConfirmDialog, Dialog, FormProblem} from '../ui/dialog';
import {errorOf, SelectField, TextField} from '../ui/field';
import {Callout} from '../ui/states';
import {toast} from '../ui/toast';
import {bodyOf, draftOf, newDraft} from './key_draft';
import {KeyForm, keyFields} from './key_form';
import {exampleModel, Snippets} from './key_snippets';
import {maskedKey} from './key_state';

interface CreateProps {
  /** Whose key it is to be, for administrators; absent: their own, unless they say otherwise. */
  owner?: string | undefined;
  onClose: () => void;
  onCreated: (key: ApiKeyWithSecret) => void;
}

/** The account of this address, for `account_id` of a new key. */
async function accountOf(email: string): Promise<string> {
  const found = await get('/api/admin/users', {query: {search: email, limit: 200}});
  const user = found.data.find(each => each.email.toLowerCase() === email.toLowerCase());
  if (!user)
    throw new Problem('There is no account with this address.', 404, 'not_found', 'account_id', null);
  return user.id;
}

export function CreateKeyDialog({owner, onClose, onCreated}: CreateProps) {
  const {settings, today, account, isAdmin} = useSite();
  const [email, setEmail] = useState(owner ? '' : account.email);
  useEffect(() => {
    if (owner)
      get('/api/admin/users/{id}', {path: {id: owner}}).then(
        user => setEmail(user.email),
        () => {},
      );
  }, [owner]);
  const [draft, setDraft] = useState(() => newDraft(settings.default_rate_limit, today));
  const {busy, problem, run} = useAction();
  const submit = () =>
    run(async () => {
      const body = bodyOf(draft, today, settings.max_rate_limit);
      const address = email.trim();
      const isOwn = !isAdmin || address.toLowerCase() === account.email.toLowerCase();
      if (!isOwn && !address)
        throw new Problem('Whose key is it to be?', 400, 'missing_field', 'account_id', null);
      const whose = isOwn ? {} : {account_id: await accountOf(address)};
      onCreated(await post('/api/api-keys', {...body, ...whose}));
    });
  return (
    <Dialog
      title="Create new key"
      lead="For one program, person or machine. You can change its limits later."
      width="wide"
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Create key
          </Button>
        </>
      }>
      <KeyForm
        draft={draft}
        setDraft={setDraft}
        problem={problem}
        owner={
          isAdmin && (
            <TextField
              label="Account"
              type="email"
              autocomplete="off"
              placeholder="E-mail address"
              value={email}
              onValue={setEmail}
              hint="Whose key it is. Its calls count for this account."
              error={errorOf(problem, 'account_id')}
            />
          )
        }
      />
      <FormProblem problem={problem} fields={[...keyFields, 'account_id']} />
    </Dialog>
  );
}

interface SecretProps {
  secret: ApiKeyWithSecret;
  rotated?: boolean;
  onClose: () => void;
}

/** Esc closes it only after the key was copied: the secret cannot be had again. */
export function SecretDialog({secret, rotated, onClose}: SecretProps) {
  const {settings} = useSite();
  const [copied, setCopied] = useState(false);
  return (
    <Dialog
      title={rotated ? 'The new secret' : 'Your new key'}
      lead={<span class="wrap">{secret.name}</span>}
      onClose={copied ? onClose : undefined}
      onSubmit={onClose}
      foot={
        <Button type="submit" look={copied ? 'primary' : 'plain'}>
          {copied ? 'Done' : 'I have stored it'}
        </Button>
      }>
      <Callout tone="warn">
        <strong>Copy it now. It is shown this once.</strong>
        <span>
          Only a fingerprint is stored: nobody can show it to you again. If it is lost, rotate the key.
        </span>
      </Callout>
      <div class="secret">
        <code aria-label="The key" data-secret>
          {secret.key}
        </code>
        <CopyButton
          text={secret.key}
          what="the key"
          label="Copy"
          look="primary"
          onCopied={() => setCopied(true)}
        />
      </div>
      <Snippets
        origin={location.origin}
        basePath={settings.base_path}
        secret={secret.key}
        model={exampleModel(secret.models)}
      />
    </Dialog>
  );
}

interface KeyDialogProps {
  apiKey: ApiKey;
  onClose: () => void;
  onChanged: () => void;
}

export function EditKeyDialog({apiKey, onClose, onChanged}: KeyDialogProps) {
  const {settings, today, ledgerZone} = useSite();
  const [draft, setDraft] = useState(() => draftOf(apiKey, ledgerZone));
  const {busy, problem, run} = useAction();
  const submit = async () => {
    const saved = await run(async () => {
      await patch('/api/api-keys/{id}', bodyOf(draft, today, settings.max_rate_limit), {id: apiKey.id});
    });
    if (!saved) return;
    toast.say('Saved. The new limits hold from now on.');
    onChanged();
    onClose();
  };
  return (
    <Dialog
      title="Edit key"
      lead={<code>{maskedKey(apiKey)}</code>}
      width="wide"
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Save
          </Button>
        </>
      }>
      <KeyForm draft={draft} setDraft={setDraft} problem={problem} existing={apiKey} />
      <FormProblem problem={problem} fields={keyFields} />
    </Dialog>
  );
}

const graces = [
  ['0', 'at once'],
  ['3600', 'in an hour'],
  ['86400', 'in a day'],
  ['604800', 'in a week'],
  ['2592000', 'in 30 days'],
] as const;

export function RotateKeyDialog({
  apiKey,
  onClose,
  onRotated,
}: Omit<KeyDialogProps, 'onChanged'> & {onRotated: (key: ApiKeyWithSecret) => void}) {
  const [grace, setGrace] = useState<(typeof graces)[number][0]>('86400');
  const rotate = async () =>
    onRotated(await post('/api/api-keys/{id}/rotate', {grace: Number(grace)}, {id: apiKey.id}));
  return (
    <ConfirmDialog title="Rotate the secret" action="Rotate" run={rotate} onClose={onClose}>
      <p>
        <strong class="wrap">{apiKey.name}</strong> gets a new secret. Its limits, spend and history stay.
      </p>
      <SelectField
        label="The old secret stops working"
        value={grace}
        onValue={setGrace}
        options={graces}
        hint={
          grace === '0'
            ? 'Programs that still use it are refused from now on.'
            : 'Until then both work, so that you can change programs one by one.'
        }
      />
    </ConfirmDialog>
  );
}

export function RevokeKeyDialog({apiKey, onClose, onChanged}: KeyDialogProps) {
  const [typed, setTyped] = useState('');
  const revoke = async () => {
    await remove('/api/api-keys/{id}', {id: apiKey.id});
    toast.say('The key is revoked.');
    onChanged();
  };
  return (
    <ConfirmDialog
      title="Revoke this key for good?"
      action="Revoke key"
      danger
      disabled={typed.trim() !== apiKey.name.trim()}
      run={revoke}
      onClose={onClose}>
      <p>
        Programs that use <code>{maskedKey(apiKey)}</code> are refused from the next call on. This cannot be
        undone. To pause a key, disable it.
      </p>
      <TextField
        label="Type the key’s name to confirm"
        value={typed}
        onValue={setTyped}
        autocomplete="off"
        spellcheck={false}
        autofocus
        hint={<span class="wrap">{apiKey.name}</span>}
      />
    </ConfirmDialog>
  );
}

/** Both ways are safe to undo, so neither asks. */
export async function switchKey(key: ApiKey, onChanged: () => void): Promise<void> {
  const on = key.state === 'disabled';
  try {
    await (on
      ? post('/api/api-keys/{id}/enable', {}, {id: key.id})
      : post('/api/api-keys/{id}/disable', {}, {id: key.id}));
    toast.say(on ? 'The key works again.' : 'The key is disabled: its calls are refused from now on.');
    onChanged();
  } catch (error) {
    toast.bad((error as Error).message);
  }
}
