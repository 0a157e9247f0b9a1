// The state of a key in a word and a colour.
import type {ApiKey, KeyState} from '../api/types';
import {Badge, type Tone} from '../ui/bits';

const looks: Record<KeyState, [Tone, string]> = {
  active: ['good', 'Active'],
  expired: ['warn', 'Expired'],
  disabled: ['plain', 'Disabled'],
  revoked: ['bad', 'Revoked'],
};

export function KeyStateBadge({state}: {state: KeyState}) {
  const [tone, words] = looks[state];
  return (
    <Badge tone={tone} dot>
      {words}
    </Badge>
  );
}

/** "sk-3f9a…c21e" */
export function maskedKey(key: Pick<ApiKey, 'prefix' | 'suffix'>): string {
  return `${key.prefix}…${key.suffix}`;
}
