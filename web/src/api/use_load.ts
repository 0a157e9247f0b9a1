// Loading for components: what was there stays on the page while it is asked for again, so that nothing jumps.
import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import {Problem} from './client';

export interface Loaded<T> {
  data: T | undefined;
  problem: Problem | undefined;
  busy: boolean;
  reload: () => void;
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(error instanceof Error ? error.message : String(error), 0, 'defect', null, null);
}

/** Calls `ask` at first and whenever one of `inputs` changes; an answer that came too late is dropped. */
export function useLoad<T>(ask: (signal: AbortSignal) => Promise<T>, inputs: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{data?: T; problem?: Problem; busy: boolean}>({busy: true});
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    const controller = new AbortController();
    setState(before => ({...before, busy: true}));
    latest.current(controller.signal).then(
      data => !controller.signal.aborted && setState({data, busy: false}),
      error =>
        !controller.signal.aborted &&
        setState(before => ({...before, problem: asProblem(error), busy: false})),
    );
    return () => controller.abort();
  }, [...inputs, turn]);
  const reload = useCallback(() => setTurn(before => before + 1), []);
  return {data: state.data, problem: state.problem, busy: state.busy, reload};
}

export interface Pages<T> extends Loaded<T[]> {
  more: (() => void) | undefined;
  moreBusy: boolean;
}

interface Page<T> {
  data: T[];
  next: string | null;
}

/** Pages by key: `more` appends the next one, until there is none. */
export function usePages<T>(
  ask: (after: string | undefined, signal?: AbortSignal) => Promise<Page<T>>,
  inputs: readonly unknown[],
): Pages<T> {
  const first = useLoad(signal => ask(undefined, signal), inputs);
  const [rest, setRest] = useState<{
    of: Page<T> | undefined;
    rows: T[];
    next: string | null;
    problem?: Problem;
  }>();
  const [moreBusy, setMoreBusy] = useState(false);
  const shown = rest && rest.of === first.data ? rest : undefined;
  const next = shown ? shown.next : first.data?.next;
  const more = async () => {
    if (!next || moreBusy) return;
    const of = first.data;
    setMoreBusy(true);
    try {
      const page = await ask(next);
      setRest({of, rows: [...(shown?.rows ?? []), ...page.data], next: page.next});
    } catch (error) {
      setRest({of, rows: shown?.rows ?? [], next, problem: asProblem(error)});
    }
    setMoreBusy(false);
  };
  const data = first.data && [...first.data.data, ...(shown?.rows ?? [])];
  return {
    ...first,
    data,
    problem: shown?.problem ?? first.problem,
    more: next ? () => void more() : undefined,
    moreBusy,
  };
}

/** One action at a time, for buttons and forms: `run` says whether it went well; the problem is kept to be shown. */
export function useAction(): {
  busy: boolean;
  problem: Problem | undefined;
  run: (action: () => Promise<unknown>) => Promise<boolean>;
  clear: () => void;
} {
  const [state, setState] = useState<{busy: boolean; problem?: Problem}>({busy: false});
  const running = useRef(false);
  const run = useCallback(async (action: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setState({busy: true});
    try {
      await action();
      setState({busy: false});
      return true;
    } catch (error) {
      setState({busy: false, problem: asProblem(error)});
      return false;
    } finally {
      running.current = false;
    }
  }, []);
  const clear = useCallback(() => setState({busy: false}), []);
  return {busy: state.busy, problem: state.problem, run, clear};
}
