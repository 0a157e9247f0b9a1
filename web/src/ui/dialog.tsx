// Dialogs are the browser's own: it traps the focus, closes on Esc and gives the focus back.
import type {ComponentChildren} from 'preact';
import {useEffect, useId, useRef} from 'preact/hooks';
import type {Problem} from '../api/client';
import {useAction} from '../api/use_load';
import {Button} from './button';
import {ProblemCallout} from './states';

interface DialogProps {
  title: string;
  lead?: ComponentChildren;
  width?: 'wide' | 'narrow';
  /** Absent: it can be closed only by its own buttons. */
  onClose?: (() => void) | undefined;
  onSubmit?: (() => void) | undefined;
  foot?: ComponentChildren;
  children?: ComponentChildren;
}

function useModal(onClose: (() => void) | undefined) {
  const box = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const element = box.current!;
    const opener = document.activeElement as HTMLElement | null;
    if (!element.open) element.showModal();
    const cancel = (event: Event) => {
      event.preventDefault();
      close.current?.();
    };
    element.addEventListener('cancel', cancel);
    return () => {
      element.removeEventListener('cancel', cancel);
      element.close();
      // An item of a menu is gone by now; the button that opened the menu is not.
      if (opener?.isConnected) opener.focus();
    };
  }, []);
  return box;
}

export function Dialog({title, lead, width, onClose, onSubmit, foot, children}: DialogProps) {
  const box = useModal(onClose);
  const id = useId();
  const submit = (event: Event) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <dialog class={`dialog${width ? ` dialog-${width}` : ''}`} ref={box} aria-labelledby={id}>
      <form noValidate onSubmit={submit}>
        <div class="dialog-head">
          <div>
            <h2 id={id}>{title}</h2>
            {lead && <p>{lead}</p>}
          </div>
          {onClose && <Button look="quiet" small icon="close" aria-label="Close" onClick={onClose} />}
        </div>
        <div class="dialog-body">{children}</div>
        {foot && <div class="dialog-foot">{foot}</div>}
      </form>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  action: string;
  danger?: boolean;
  disabled?: boolean;
  run: () => Promise<unknown>;
  onClose: () => void;
  children: ComponentChildren;
}

/** Asks before something is done, and stays with the server's words if it cannot be done. */
export function ConfirmDialog({title, action, danger, disabled, run, onClose, children}: ConfirmProps) {
  const {busy, problem, run: attempt} = useAction();
  const submit = async () => {
    if (!disabled && (await attempt(run))) onClose();
  };
  return (
    <Dialog
      title={title}
      width="narrow"
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'} busy={busy} disabled={disabled ?? false}>
            {action}
          </Button>
        </>
      }>
      {children}
      <FormProblem problem={problem} />
    </Dialog>
  );
}

/** What the server said about a form, unless a field shows it already. */
export function FormProblem({
  problem,
  fields = [],
}: {
  problem: Problem | undefined;
  fields?: readonly string[];
}) {
  if (!problem || (problem.param && fields.includes(problem.param))) return null;
  return <ProblemCallout problem={problem} />;
}
