// The form of a key, for a new one and for changes, with a preview in words of what its limits mean.
import type {ComponentChildren} from 'preact';
import type {Problem} from '../api/client';
import type {ApiKey} from '../api/types';
import {describeLimits, type LimitKind} from '../lib/limits';
import {currencySign} from '../lib/money';
import {useSite} from '../lib/site';
import {AreaField, errorOf, SelectField, TextField} from '../ui/field';
import {Icon, type IconName} from '../ui/icons';
import {limitsOf, type Expiry, type KeyDraft, type Period} from './key_draft';

export const keyFields = [
  'name',
  'rate_limit',
  'budget',
  'budget_period',
  'expires_at',
  'token_limit',
  'concurrency',
  'models',
  'ip_allow',
  'metadata',
  'on_disconnect',
] as const;
const furtherFields: readonly string[] = [
  'token_limit',
  'concurrency',
  'models',
  'ip_allow',
  'metadata',
  'on_disconnect',
];

const periods: readonly (readonly [Period, string])[] = [
  ['none', 'In all'],
  ['daily', 'Each day'],
  ['weekly', 'Each week'],
  ['monthly', 'Each month'],
];

const expiries: readonly (readonly [Expiry, string])[] = [
  ['never', 'Never'],
  ['7', 'In 7 days'],
  ['30', 'In 30 days'],
  ['90', 'In 90 days'],
  ['365', 'In a year'],
  ['date', 'On a day…'],
];

export const limitIcons: Record<LimitKind, IconName> = {
  rate: 'gauge',
  money: 'wallet',
  time: 'clock',
  scope: 'shield',
};

interface KeyFormProps {
  draft: KeyDraft;
  setDraft: (draft: KeyDraft) => void;
  problem: Problem | undefined;
  /** The key that is being changed. */
  existing?: ApiKey;
  /** The field that says whose key it is, where that can be chosen. */
  owner?: ComponentChildren;
}

export function KeyForm({draft, setDraft, problem, existing, owner}: KeyFormProps) {
  return (
    <div class="split">
      <div class="stack-sm">
        <MainFields draft={draft} setDraft={setDraft} problem={problem} {...(existing ? {existing} : {})} />
        {owner}
        <FurtherFields draft={draft} setDraft={setDraft} problem={problem} />
      </div>
      <Preview draft={draft} kept={existing?.expires_at ?? null} />
    </div>
  );
}

function MainFields({draft, setDraft, problem, existing}: KeyFormProps) {
  const {currency, settings, instant, today, ledgerZone} = useSite();
  const set = (change: Partial<KeyDraft>) => setDraft({...draft, ...change});
  const options = existing?.expires_at
    ? [['keep', `As it is: ${instant(existing.expires_at)}`] as const, ...expiries]
    : expiries;
  return (
    <>
      <TextField
        label="Name"
        maxLength={100}
        autofocus
        placeholder="Production, CI, Asha’s laptop…"
        autocomplete="off"
        value={draft.name}
        onValue={name => set({name})}
        error={errorOf(problem, 'name')}
      />
      <TextField
        label="Rate limit"
        inputMode="numeric"
        value={draft.rate}
        onValue={rate => set({rate})}
        after="requests / min"
        hint={`Counted over any 60 seconds. The gateway allows up to ${settings.max_rate_limit.toLocaleString('en')}.`}
        error={errorOf(problem, 'rate_limit')}
      />
      <div class="columns">
        <TextField
          label="Budget"
          optional
          inputMode="decimal"
          placeholder="No limit"
          before={currencySign(currency).trim()}
          value={draft.budget}
          onValue={budget => set({budget: budget.replace(/[,₹$€£\s]/g, '')})}
          error={errorOf(problem, 'budget')}
        />
        <SelectField
          label="Budget period"
          value={draft.period}
          onValue={period => set({period})}
          options={periods}
          disabled={!draft.budget.trim()}
          error={errorOf(problem, 'budget_period')}
        />
      </div>
      <div class="columns">
        <SelectField
          label="Expires"
          value={draft.expiry}
          onValue={expiry => set({expiry})}
          options={options}
          error={draft.expiry === 'date' ? undefined : errorOf(problem, 'expires_at')}
        />
        {draft.expiry === 'date' && (
          <TextField
            label="Last day"
            type="date"
            min={today}
            value={draft.expiryDay}
            onValue={expiryDay => set({expiryDay})}
            hint={`Its end, in ${ledgerZone}.`}
            error={errorOf(problem, 'expires_at')}
          />
        )}
      </div>
    </>
  );
}

function FurtherFields({draft, setDraft, problem}: KeyFormProps) {
  const set = (change: Partial<KeyDraft>) => setDraft({...draft, ...change});
  const blamed = !!problem?.param && furtherFields.includes(problem.param);
  const filled = !!(draft.tokens || draft.concurrency || draft.models || draft.addresses || draft.metadata);
  return (
    <details class="more" open={blamed || filled}>
      <summary>
        <Icon name="chevron" size={14} />
        More limits
      </summary>
      <div class="stack-sm">
        <div class="columns">
          <TextField
            label="Tokens per minute"
            optional
            inputMode="numeric"
            placeholder="No limit"
            value={draft.tokens}
            onValue={tokens => set({tokens})}
            error={errorOf(problem, 'token_limit')}
          />
          <TextField
            label="Calls at once"
            optional
            inputMode="numeric"
            placeholder="No limit"
            value={draft.concurrency}
            onValue={concurrency => set({concurrency})}
            error={errorOf(problem, 'concurrency')}
          />
        </div>
        <AreaField
          label="Models"
          optional
          placeholder={'gpt-4o-mini\nanthropic/*'}
          value={draft.models}
          onValue={models => set({models})}
          hint="One a line; * stands for anything. Empty: every model."
          error={errorOf(problem, 'models')}
        />
        <AreaField
          label="Addresses"
          optional
          placeholder="203.0.113.0/24"
          value={draft.addresses}
          onValue={addresses => set({addresses})}
          hint="IP addresses or blocks, one a line. Empty: from everywhere."
          error={errorOf(problem, 'ip_allow')}
        />
        <AreaField
          label="Notes"
          optional
          placeholder="team=search"
          value={draft.metadata}
          onValue={metadata => set({metadata})}
          hint="name=value, one a line. For you; it changes nothing."
          error={errorOf(problem, 'metadata')}
        />
        <SelectField
          label="When the client leaves in mid-answer"
          value={draft.onDisconnect}
          onValue={onDisconnect => set({onDisconnect})}
          options={[
            ['cancel', 'stop the provider, pay for what was made'],
            ['drain', 'let the provider finish, pay for all'],
          ]}
        />
      </div>
    </details>
  );
}

function Preview({draft, kept}: {draft: KeyDraft; kept: string | null}) {
  const {currency, ledgerZone, today} = useSite();
  const sentences = describeLimits(limitsOf(draft, today, kept), currency, ledgerZone, new Date());
  return (
    <aside class="preview" aria-label="What these limits mean" aria-live="polite">
      <strong>What this means</strong>
      <ul>
        {sentences.map(({kind, text}) => (
          <li key={text}>
            <Icon name={limitIcons[kind]} size={15} />
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}
