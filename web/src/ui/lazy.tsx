// Parts that are fetched when they are first shown: the drawing of charts, and each page.
import type {ComponentType, JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {Problem} from '../api/client';
import {Failure} from './states';

export function lazy<P extends object>(load: () => Promise<{default: ComponentType<P>}>, wait: JSX.Element) {
  let loaded: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [state, setState] = useState<{part?: ComponentType<P> | undefined; failed?: boolean; turn: number}>(
      {part: loaded, turn: 0},
    );
    useEffect(() => {
      if (loaded) return;
      load().then(
        module => {
          loaded = module.default;
          setState(before => ({...before, part: module.default}));
        },
        () => setState(before => ({...before, failed: true})),
      );
    }, [state.turn]);
    // After an upgrade of the gateway the old parts are gone; a fresh page knows the new ones.
    if (state.failed) {
      const problem = new Problem(
        'A part of this page could not be fetched. The gateway may have been upgraded or be unreachable.',
        0,
        'unreachable',
        null,
        null,
      );
      return <Failure problem={problem} retry={() => location.reload()} />;
    }
    return state.part ? <state.part {...props} /> : wait;
  };
}
