// A key's form: everything as a person types it, and its way into the body of a request.
import {Problem} from '../api/client';
import type {ApiKey, ApiKeyCreate, ApiKeyUpdate} from '../api/types';
import type {Limits} from '../lib/limits';
import {parseMoney} from '../lib/money';
import {isDay} from '../lib/ranges';
import {addDays, dayOf} from '../lib/time';

export type Expiry = 'never' | '7' | '30' | '90' | '365' | 'date' | 'keep';
export type Period = ApiKey['budget_period'];

export interface KeyDraft {
  name: string;
  rate: string;
  budget: string;
  period: Period;
  expiry: Expiry;
  expiryDay: string;
  tokens: string;
  concurrency: string;
  models: string;
  addresses: string;
  metadata: string;
  onDisconnect: ApiKey['on_disconnect'];
}

export function newDraft(rateLimit: number, today: string): KeyDraft {
  return {
    name: '',
    rate: String(rateLimit),
    budget: '',
    period: 'none',
    expiry: 'never',
    expiryDay: addDays(today, 30),
    tokens: '',
    concurrency: '',
    models: '',
    addresses: '',
    metadata: '',
    onDisconnect: 'cancel',
  };
}

export function draftOf(key: ApiKey, zone: string): KeyDraft {
  return {
    name: key.name,
    rate: String(key.rate_limit),
    budget: key.budget_decimal ?? '',
    period: key.budget_period,
    expiry: key.expires_at ? 'keep' : 'never',
    expiryDay: key.expires_at ? dayOf(new Date(key.expires_at), zone) : dayOf(new Date(), zone),
    tokens: key.token_limit === null ? '' : String(key.token_limit),
    concurrency: key.concurrency === null ? '' : String(key.concurrency),
    models: key.models.join('\n'),
    addresses: key.ip_allow.join('\n'),
    metadata: Object.entries(key.metadata)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    onDisconnect: key.on_disconnect,
  };
}

/** Lines or commas, without empty ones. */
export function listOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map(item => item.trim())
    .filter(item => item !== '');
}

/** The day that was chosen, null for never, undefined for "as it is". */
export function expiryOf(draft: KeyDraft, today: string): string | null | undefined {
  if (draft.expiry === 'never') return null;
  if (draft.expiry === 'keep') return undefined;
  return draft.expiry === 'date' ? draft.expiryDay : addDays(today, Number(draft.expiry));
}

function wrong(field: string, message: string): never {
  throw new Problem(message, 400, 'invalid_field', field, null);
}

function wholeNumber(text: string, field: string, what: string, most = Number.MAX_SAFE_INTEGER): number {
  const digits = text.replace(/[,_ ]/g, '');
  const value = Number(digits);
  if (!/^\d+$/.test(digits) || value < 1 || value > most) {
    wrong(
      field,
      most < Number.MAX_SAFE_INTEGER
        ? `${what}: a whole number from 1 to ${most.toLocaleString('en')}.`
        : `${what}: a whole number, 1 or more.`,
    );
  }
  return value;
}

function metadataOf(text: string): Record<string, string> {
  const pairs = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  return Object.fromEntries(
    pairs.map(line => {
      const at = line.indexOf('=');
      if (at < 1) wrong('metadata', `“${line}” is not of the form name=value.`);
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

/** What the draft says as a request's body. Throws a Problem that names the field which is not right. */
export function bodyOf(draft: KeyDraft, today: string, maxRate: number): ApiKeyCreate & ApiKeyUpdate {
  const name = draft.name.trim();
  if (!name) wrong('name', 'Give the key a name, so that you know later what it is for.');
  if (draft.budget.trim() && (parseMoney(draft.budget) ?? -1n) < 0n)
    wrong('budget', 'An amount such as 500 or 99.50, with at most six decimals.');
  const expires = expiryOf(draft, today);
  if (typeof expires === 'string' && !isDay(expires)) wrong('expires_at', 'Choose a day.');
  if (typeof expires === 'string' && expires < today) wrong('expires_at', 'Choose a day that is not over.');
  return {
    name,
    rate_limit: wholeNumber(draft.rate, 'rate_limit', 'Requests per minute', maxRate),
    token_limit: draft.tokens.trim() ? wholeNumber(draft.tokens, 'token_limit', 'Tokens per minute') : null,
    concurrency: draft.concurrency.trim()
      ? wholeNumber(draft.concurrency, 'concurrency', 'Calls at the same time')
      : null,
    budget: draft.budget.trim() || null,
    budget_period: draft.budget.trim() ? draft.period : 'none',
    ...(expires === undefined ? {} : {expires_at: expires}),
    models: listOf(draft.models),
    ip_allow: listOf(draft.addresses),
    metadata: metadataOf(draft.metadata),
    on_disconnect: draft.onDisconnect,
  };
}

/** What the draft means so far, for the preview; what cannot be read yet is left out. */
export function limitsOf(draft: KeyDraft, today: string, kept: string | null): Limits {
  const number = (text: string) => (/^\d+$/.test(text.trim()) && Number(text) > 0 ? Number(text) : null);
  const expires = expiryOf(draft, today);
  return {
    rate_limit: number(draft.rate),
    token_limit: number(draft.tokens),
    concurrency: number(draft.concurrency),
    budget: draft.budget.trim() || null,
    budget_period: draft.period,
    expires_at: expires === undefined ? kept : expires,
    models: listOf(draft.models),
    ip_allow: listOf(draft.addresses),
  };
}
