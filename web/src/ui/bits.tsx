// Small pieces that stand in for a number or a word.
import type {ComponentChildren} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {permille, type Micros} from '../lib/money';
import {relative} from '../lib/time';
import {useSite} from '../lib/site';
import {Skeleton} from './states';

export type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'plain';

export function Badge({
  tone = 'plain',
  dot,
  children,
}: {
  tone?: Tone;
  dot?: boolean;
  children: ComponentChildren;
}) {
  return <span class={`badge badge-${tone}${dot ? ' badge-dot' : ''}`}>{children}</span>;
}

/** How much of a whole is taken. The words beside it say the same. */
export function Bar({
  part,
  whole,
  label,
  plain,
}: {
  part: Micros;
  whole: Micros;
  label: string;
  plain?: boolean;
}) {
  const share = permille(part, whole);
  const tone = plain ? '' : share >= 1000 ? ' bar-bad' : share >= 800 ? ' bar-warn' : '';
  return (
    <div
      class={`bar${tone}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share / 10)}>
      <span class={share === 0 ? 'empty' : ''} style={{width: `${share / 10}%`}} />
    </div>
  );
}

interface FigureProps {
  label: string;
  value: ComponentChildren;
  note?: ComponentChildren;
  title?: string | undefined;
  children?: ComponentChildren;
}

export function Figure({label, value, note, title, children}: FigureProps) {
  return (
    <div class="figure">
      <div class="figure-label">{label}</div>
      <div class="figure-value" title={title}>
        {value ?? <Skeleton width="w60" />}
      </div>
      <div class="figure-note">{value == null ? <Skeleton width="w80" /> : note}</div>
      {children}
    </div>
  );
}

/** "2 hours ago", with the instant itself on hover and for machines. */
export function When({at, never = 'Never'}: {at: string | null | undefined; never?: string}) {
  const {instant} = useSite();
  if (!at) return <span class="muted">{never}</span>;
  return (
    <time dateTime={at} title={instant(at)} class="nowrap">
      {relative(at, new Date())}
    </time>
  );
}

/** The value, once it has stayed the same for a moment. */
export function useSettled<T>(value: T, delay = 250): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}
