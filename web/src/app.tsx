// Who is here, and what is shown to them: the gate for strangers, the frame with its pages for those who signed in.
import {useCallback, useEffect, useMemo, useState} from 'preact/hooks';
import {get, onSignedOut, post, Problem} from './api/client';
import type {Account, Settings} from './api/types';
import {Frame} from './frame';
import {navigate, usePlace} from './lib/router';
import {SiteContext} from './lib/site';
import {Gate} from './pages/gate';
import {Failure} from './ui/states';
import {toast, Toasts} from './ui/toast';

interface State {
  settings?: Settings;
  account?: Account | undefined;
  problem?: Problem;
}

async function whoIsHere(): Promise<State> {
  const [settings, account] = await Promise.all([
    get('/api/settings'),
    get('/api/auth/me').then(
      answer => answer.account,
      (problem: unknown) => {
        if (problem instanceof Problem && (problem.status === 401 || problem.status === 403))
          return undefined;
        throw problem;
      },
    ),
  ]);
  return {settings, account};
}

const gatePaths = ['/sign-in', '/sign-up', '/reset'];

/** Where a stranger wanted to go, to be taken there after signing in; never another site. */
function wanted(search: URLSearchParams): string {
  const to = search.get('to') ?? '/';
  return /^\/(?![/\\])/.test(to) ? to : '/';
}

export function App() {
  const [state, setState] = useState<State>({});
  const [, setTurn] = useState(0);
  const place = usePlace();
  const start = useCallback(() => {
    setState({});
    whoIsHere().then(setState, (problem: Problem) => setState({problem}));
  }, []);
  useEffect(start, []);
  useEffect(() => {
    onSignedOut(() =>
      setState(before => {
        if (before.account) toast.bad('Your session has ended. Sign in again.');
        return {...before, account: undefined};
      }),
    );
  }, []);
  const {settings, account, problem} = state;
  const site = useMemo(
    () =>
      settings &&
      account && {
        settings,
        account,
        setAccount: (next: Account) => setState(before => ({...before, account: next})),
        signOut: async () => {
          await post('/api/auth/logout', {});
          setState(before => ({...before, account: undefined}));
          navigate('/sign-in');
        },
        refresh: () => setTurn(before => before + 1),
      },
    [settings, account],
  );

  const atGate = gatePaths.includes(place.path);
  useEffect(() => {
    if (!settings) return;
    if (account && atGate && place.path !== '/reset') navigate(wanted(place.search), 'replace');
    if (!account && !atGate) {
      const to = place.path === '/' ? '' : `?to=${encodeURIComponent(location.pathname + location.search)}`;
      navigate(settings.needs_first_account ? '/sign-up' : `/sign-in${to}`, 'replace');
    }
  }, [settings, account, place.path]);

  return (
    <>
      {problem ? (
        <main class="gate">
          <Failure problem={problem} retry={start} />
        </main>
      ) : !settings ? (
        <div class="gate" aria-busy="true">
          <span class="sr-only">Loading</span>
        </div>
      ) : site && !(atGate && place.path === '/reset') ? (
        <SiteContext.Provider value={{...site}}>
          <Frame />
        </SiteContext.Provider>
      ) : (
        <Gate
          settings={settings}
          path={place.path}
          onSignedIn={next => setState({settings: {...settings, needs_first_account: false}, account: next})}
        />
      )}
      <Toasts />
    </>
  );
}
