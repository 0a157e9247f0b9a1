// Which page a path is. Each is fetched when it is first visited.
import type {VNode} from 'preact';
import {Page} from '../ui/page';
import {lazy} from '../ui/lazy';
import {Empty, Skeleton} from '../ui/states';

/** As tall as most pages begin, so that little moves when the page arrives. */
const wait = (
  <div class="page" aria-busy="true">
    <header class="page-head">
      <div class="grow">
        <h1>
          <Skeleton width="w20" />
        </h1>
        <p>
          <Skeleton width="w40" />
        </p>
      </div>
    </header>
  </div>
);

const Overview = lazy(() => import('./overview'), wait);
const Keys = lazy(() => import('./keys'), wait);
const KeyDetail = lazy(() => import('./key_detail'), wait);
const Usage = lazy(() => import('./usage'), wait);
const Requests = lazy(() => import('./requests'), wait);
const Billing = lazy(() => import('./billing'), wait);
const Models = lazy(() => import('./models'), wait);
const Settings = lazy(() => import('./settings'), wait);
const Accounts = lazy(() => import('./admin/accounts'), wait);
const Credits = lazy(() => import('./admin/credits'), wait);
const Providers = lazy(() => import('./admin/providers'), wait);
const Nodes = lazy(() => import('./admin/nodes'), wait);
const Audit = lazy(() => import('./admin/audit'), wait);

const pages: Record<string, () => VNode> = {
  '/': () => <Overview />,
  '/keys': () => <Keys />,
  '/usage': () => <Usage />,
  '/usage/requests': () => <Requests />,
  '/billing': () => <Billing />,
  '/models': () => <Models />,
  '/settings': () => <Settings />,
  '/admin/accounts': () => <Accounts />,
  '/admin/credits': () => <Credits />,
  '/admin/providers': () => <Providers />,
  '/admin/nodes': () => <Nodes />,
  '/admin/audit': () => <Audit />,
};

function NoSuchPage() {
  return (
    <Page title="No such page">
      <div class="card">
        <Empty
          icon="search"
          title="There is nothing here"
          action={
            <a class="button" href="/">
              To the overview
            </a>
          }>
          The address may have been mistyped, or what was here is gone.
        </Empty>
      </div>
    </Page>
  );
}

export function pageAt(path: string): {key: string; page: VNode} {
  const id = /^\/keys\/([^/]+)$/.exec(path)?.[1];
  if (id) return {key: path, page: <KeyDetail id={decodeURIComponent(id)} />};
  const page = pages[path];
  return {key: path, page: page ? page() : <NoSuchPage />};
}
