// Short messages in the corner. They are read aloud, leave by themselves, and never hold anything that is needed later.
import {useEffect, useRef, useState} from 'preact/hooks';
import {Icon} from './icons';

interface Message {
  id: number;
  text: string;
  bad: boolean;
}

let messages: Message[] = [];
let last = 0;
const listeners = new Set<() => void>();

function publish(next: Message[]): void {
  messages = next;
  for (const listener of listeners) listener();
}

function close(id: number): void {
  publish(messages.filter(message => message.id !== id));
}

function add(text: string, bad: boolean): void {
  const id = ++last;
  publish([...messages.slice(-2), {id, text, bad}]);
  setTimeout(close, bad ? 9000 : 4500, id);
}

export const toast = {
  say: (text: string) => add(text, false),
  bad: (text: string) => add(text, true),
};

export function Toasts() {
  const [shown, setShown] = useState(messages);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const update = () => setShown(messages);
    listeners.add(update);
    return () => void listeners.delete(update);
  }, []);
  // A popover lies above open dialogs; it is raised anew with each message.
  useEffect(() => {
    const element = box.current;
    if (!element?.showPopover) return;
    if (element.matches(':popover-open')) element.hidePopover();
    if (shown.length) element.showPopover();
  }, [shown]);
  return (
    <>
      <div class="sr-only" role="status" aria-live="polite">
        {shown.at(-1)?.text}
      </div>
      <div class="toasts" popover="manual" ref={box} aria-hidden={shown.length ? undefined : 'true'}>
        {shown.map(message => (
          <div class={message.bad ? 'toast toast-bad' : 'toast'} key={message.id}>
            <Icon name={message.bad ? 'alert' : 'check'} />
            <p>{message.text}</p>
            <button
              type="button"
              class="button button-quiet button-sm button-icon"
              aria-label="Close message"
              onClick={() => close(message.id)}>
              <Icon name="close" size={14} />
            </button>
          </div>
        ))}
      </div>
    </>
  );
}
