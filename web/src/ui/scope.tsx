// Administrators see their own account or all of them; everybody else sees his own and no switch.
import {useSearch} from '../lib/router';
import {useSite} from '../lib/site';
import {Segments} from './field';

export interface Scope {
  /** For `account_id` of a request. */
  account: string | undefined;
  all: boolean;
  control: preact.JSX.Element | null;
}

export function useScope(): Scope {
  const {isAdmin} = useSite();
  const [scope, setScope] = useSearch('scope', 'own');
  if (!isAdmin) return {account: undefined, all: false, control: null};
  const options = [
    ['own', 'Mine'],
    ['all', 'Everyone’s'],
  ] as const;
  const known = scope === 'own' || scope === 'all';
  return {
    account: scope === 'own' ? undefined : scope,
    all: scope !== 'own',
    control: <Segments label="Whose" value={known ? scope : 'all'} onValue={setScope} options={options} />,
  };
}
