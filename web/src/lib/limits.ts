// What a key's limits mean, in words: shown beside the form while it is filled in, and on the key's own page.
import {formatRound, parseMoney} from './money';
import {count, plural} from './numbers';
import {addDays, dayOf, daysBetween, formatDate, startOfDay} from './time';
import {isDay} from './ranges';

export interface Limits {
  rate_limit: number | null;
  token_limit?: number | null;
  concurrency?: number | null;
  budget?: string | null;
  budget_period?: string;
  expires_at?: string | null;
  models?: string[];
  ip_allow?: string[];
}

export type LimitKind = 'rate' | 'money' | 'time' | 'scope';
export interface LimitSentence {
  kind: LimitKind;
  text: string;
}

const periodWords: Record<string, {each: string; ends: string}> = {
  daily: {each: 'each day', ends: 'at midnight'},
  weekly: {each: 'each week', ends: 'on Monday at midnight'},
  monthly: {each: 'each month', ends: 'on the 1st at midnight'},
};

function rate(limits: Limits): LimitSentence[] {
  const said: LimitSentence[] = [];
  if (limits.rate_limit) {
    const pace =
      limits.rate_limit % 60 === 0 ? `, ${plural(limits.rate_limit / 60, 'call')} a second on average` : '';
    said.push({
      kind: 'rate',
      text: `At most ${plural(limits.rate_limit, 'request')} in any 60 seconds${pace}. More are answered with 429.`,
    });
  }
  if (limits.token_limit)
    said.push({kind: 'rate', text: `At most ${plural(limits.token_limit, 'token')} in any 60 seconds.`});
  if (limits.concurrency)
    said.push({kind: 'rate', text: `At most ${plural(limits.concurrency, 'call')} at the same time.`});
  return said;
}

function money(limits: Limits, currency: string, zone: string): LimitSentence {
  const budget = limits.budget ? parseMoney(limits.budget) : undefined;
  if (budget === undefined) return {kind: 'money', text: 'No budget: spends whatever the account has.'};
  const amount = formatRound(budget, currency);
  const period = periodWords[limits.budget_period ?? 'none'];
  if (budget === 0n)
    return {kind: 'money', text: 'A budget of nothing: every call that costs is answered with 402.'};
  if (!period)
    return {
      kind: 'money',
      text: `Spends at most ${amount} in all. Then calls are answered with 402 until you raise it.`,
    };
  return {
    kind: 'money',
    text: `Spends at most ${amount} ${period.each}. It starts anew ${period.ends}, ${zone} time.`,
  };
}

/** The last instant of a day that a person chose, or the instant itself. */
export function expiryInstant(expires: string, zone: string): Date | undefined {
  if (isDay(expires)) return new Date(startOfDay(addDays(expires, 1), zone).getTime() - 1000);
  const instant = new Date(expires);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

function time(limits: Limits, zone: string, now: Date): LimitSentence {
  const instant = limits.expires_at ? expiryInstant(limits.expires_at, zone) : undefined;
  if (!instant) return {kind: 'time', text: 'Never expires. Revoke it when it is no longer needed.'};
  if (instant <= now) return {kind: 'time', text: 'That is in the past: the key would be refused at once.'};
  const days = daysBetween(dayOf(now, zone), dayOf(instant, zone));
  const left = days === 0 ? 'today' : `${plural(days, 'day')} from now`;
  return {
    kind: 'time',
    text: `Works until the end of ${formatDate(instant, zone)}, ${left}. Then calls are answered with 403.`,
  };
}

function scope(limits: Limits): LimitSentence[] {
  const said: LimitSentence[] = [];
  const list = (items: string[]) =>
    items.length > 3
      ? `${items.slice(0, 3).join(', ')} and ${count(items.length - 3)} more`
      : items.join(', ');
  said.push({
    kind: 'scope',
    text: limits.models?.length ? `Only for ${list(limits.models)}.` : 'For every model.',
  });
  if (limits.ip_allow?.length) said.push({kind: 'scope', text: `Only from ${list(limits.ip_allow)}.`});
  return said;
}

export function describeLimits(limits: Limits, currency: string, zone: string, now: Date): LimitSentence[] {
  return [...rate(limits), money(limits, currency, zone), time(limits, zone, now), ...scope(limits)];
}
