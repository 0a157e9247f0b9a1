// Buttons, and the one that copies.
import type {ButtonHTMLAttributes, ComponentChildren} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {Icon, type IconName} from './icons';
import {toast} from './toast';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'size'> {
  look?: 'plain' | 'primary' | 'danger' | 'quiet';
  small?: boolean;
  icon?: IconName;
  busy?: boolean;
  block?: boolean;
  children?: ComponentChildren;
}

function classesOf(
  {look = 'plain', small, block}: Pick<ButtonProps, 'look' | 'small' | 'block'>,
  iconOnly: boolean,
): string {
  const classes = ['button', `button-${look}`];
  if (small) classes.push('button-sm');
  if (block) classes.push('button-block');
  if (iconOnly) classes.push('button-icon');
  return classes.join(' ');
}

export function Button({look, small, icon, busy, block, children, disabled, ...rest}: ButtonProps) {
  const classes = classesOf(
    {look: look ?? 'plain', small: small ?? false, block: block ?? false},
    children === undefined,
  );
  return (
    <button
      type="button"
      class={classes}
      disabled={disabled || busy}
      aria-busy={busy ? 'true' : undefined}
      {...rest}>
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** Puts text on the clipboard; where the browser has no clipboard (plain http), by the old way. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'sr-only';
    area.setAttribute('readonly', '');
    const active = document.activeElement as HTMLElement | null;
    (active?.closest('dialog') ?? document.body).append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    active?.focus();
    return done;
  }
}

interface CopyProps {
  text: string;
  label?: string;
  what: string;
  look?: 'plain' | 'primary' | 'quiet';
  small?: boolean;
  onCopied?: () => void;
}

export function CopyButton({text, label, what, look = 'plain', small = true, onCopied}: CopyProps) {
  const [done, setDone] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    if (!(await copyText(text)))
      return toast.bad('The browser does not let this page copy. Select the text and copy it by hand.');
    setDone(true);
    toast.say(`Copied ${what}.`);
    onCopied?.();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), 2000);
  };
  const words = done ? 'Copied' : label;
  return (
    <Button
      look={look}
      small={small}
      icon={done ? 'check' : 'copy'}
      onClick={() => void copy()}
      {...(words ? {} : {'aria-label': `Copy ${what}`})}>
      {words}
    </Button>
  );
}
