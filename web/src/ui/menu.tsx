// A button that opens a list of things to do: arrows move, Esc closes and gives the focus back.
import type {ComponentChildren} from 'preact';
import {useEffect, useId, useLayoutEffect, useRef, useState} from 'preact/hooks';
import {Icon, type IconName} from './icons';

export interface MenuItem {
  label: string;
  icon: IconName;
  danger?: boolean;
  onPick?: () => void;
  href?: string;
}

interface MenuProps {
  label: string;
  items: readonly (MenuItem | false | null | undefined)[];
  /** In place of three dots. */
  children?: ComponentChildren;
  buttonClass?: string;
}

/** Below the button or above it, wherever there is room; the list is fixed, so that no table can cut it off. */
function place(list: HTMLElement, button: HTMLElement): void {
  const around = button.getBoundingClientRect();
  const {offsetHeight: height, offsetWidth: width} = list;
  const below = around.bottom + 4 + height <= window.innerHeight;
  list.style.top = `${below ? around.bottom + 4 : Math.max(4, around.top - height - 4)}px`;
  list.style.left = `${Math.max(8, Math.min(around.right - width, window.innerWidth - width - 8))}px`;
}

export function Menu({
  label,
  items,
  children,
  buttonClass = 'button button-quiet button-sm button-icon',
}: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const entries = () => [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

  useLayoutEffect(() => {
    if (!open || !list.current || !button.current) return;
    list.current.showPopover?.();
    place(list.current, button.current);
    entries()[0]?.focus();
  }, [open]);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      const target = event.target as Node;
      if (!list.current?.contains(target) && !button.current?.contains(target)) setOpen(false);
    };
    const gone = () => setOpen(false);
    document.addEventListener('pointerdown', away);
    window.addEventListener('resize', gone);
    window.addEventListener('scroll', gone, true);
    return () => {
      document.removeEventListener('pointerdown', away);
      window.removeEventListener('resize', gone);
      window.removeEventListener('scroll', gone, true);
    };
  }, [open]);

  const close = () => {
    button.current?.focus();
    setOpen(false);
  };
  const keys = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1};
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  return (
    <>
      <button
        type="button"
        class={buttonClass}
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={children ? undefined : label}
        onClick={() => setOpen(!open)}>
        {children ?? <Icon name="more" size={18} />}
      </button>
      {open && (
        <div class="menu" role="menu" id={id} aria-label={label} popover="manual" ref={list} onKeyDown={keys}>
          {items
            .filter(item => !!item)
            .map(item => (
              <Entry key={item.label} item={item} close={close} />
            ))}
        </div>
      )}
    </>
  );
}

function Entry({item, close}: {item: MenuItem; close: () => void}) {
  const content = (
    <>
      <Icon name={item.icon} />
      {item.label}
    </>
  );
  const pick = () => {
    close();
    item.onPick?.();
  };
  if (item.href)
    return (
      <a role="menuitem" tabIndex={-1} href={item.href} onClick={close}>
        {content}
      </a>
    );
  return (
    <button type="button" role="menuitem" tabIndex={-1} class={item.danger ? 'danger' : ''} onClick={pick}>
      {content}
    </button>
  );
}
