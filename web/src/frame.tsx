// The frame around the pages: where one can go, who one is, and the page itself.
import {useEffect, useRef, useState} from 'preact/hooks';
import {usePlace} from './lib/router';
import {useSite} from './lib/site';
import {setTheme} from './lib/theme';
import {pageAt} from './pages';
import {Button} from './ui/button';
import {Icon, Mark, type IconName} from './ui/icons';
import {Menu} from './ui/menu';
import {toast} from './ui/toast';

interface Entry {
  href: string;
  label: string;
  icon: IconName;
}

const own: Entry[] = [
  {href: '/', label: 'Overview', icon: 'home'},
  {href: '/keys', label: 'API keys', icon: 'key'},
  {href: '/usage', label: 'Usage', icon: 'chart'},
  {href: '/billing', label: 'Billing', icon: 'wallet'},
  {href: '/models', label: 'Models', icon: 'cube'},
];

const administration: Entry[] = [
  {href: '/admin/accounts', label: 'Accounts', icon: 'users'},
  {href: '/admin/credits', label: 'Credits', icon: 'coins'},
  {href: '/admin/providers', label: 'Providers', icon: 'pulse'},
  {href: '/admin/nodes', label: 'Nodes', icon: 'server'},
  {href: '/admin/audit', label: 'Audit log', icon: 'list'},
];

function Links({entries, path}: {entries: Entry[]; path: string}) {
  const here = (href: string) => (href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`));
  return (
    <>
      {entries.map(({href, label, icon}) => (
        <a key={href} href={href} aria-current={here(href) ? 'page' : undefined}>
          <Icon name={icon} size={17} />
          {label}
        </a>
      ))}
    </>
  );
}

function WhoAmI() {
  const {account, signOut} = useSite();
  const [, setTurn] = useState(0);
  const name = account.name || account.email;
  const dark = document.documentElement.dataset['theme'] === 'dark';
  const leave = () => signOut().catch((problem: Error) => toast.bad(problem.message));
  const turn = () => {
    setTheme(dark ? 'light' : 'dark');
    setTurn(before => before + 1);
  };
  return (
    <Menu
      label={`Your account, ${name}`}
      buttonClass="whoami"
      items={[
        {label: 'Settings', icon: 'gear', href: '/settings'},
        {label: dark ? 'Light theme' : 'Dark theme', icon: 'sun', onPick: turn},
        {label: 'API description', icon: 'book', href: '/api/docs'},
        {label: 'Sign out', icon: 'logout', onPick: () => void leave()},
      ]}>
      <span class="avatar" aria-hidden="true">
        {[...name][0]?.toUpperCase()}
      </span>
      <span>
        <span class="sr-only">Your account: </span>
        <span class="truncate strong">{name}</span>
        <small class="truncate">{account.name ? account.email : account.role}</small>
      </span>
      <Icon name="updown" size={15} />
    </Menu>
  );
}

function Sidebar({path}: {path: string}) {
  const {isAdmin, settings} = useSite();
  return (
    <header class="sidebar">
      <a class="brand" href="/">
        <Mark />
        tollgate
      </a>
      <nav class="nav" aria-label="Pages">
        <Links entries={own} path={path} />
        {isAdmin && (
          <>
            <div class="nav-title" id="administration">
              Administration
            </div>
            <Links
              entries={
                settings.wallet
                  ? administration
                  : administration.filter(entry => entry.href !== '/admin/credits')
              }
              path={path}
            />
          </>
        )}
      </nav>
      <div class="sidebar-foot">
        <nav class="nav" aria-label="Settings">
          <Links entries={[{href: '/settings', label: 'Settings', icon: 'gear'}]} path={path} />
        </nav>
        <WhoAmI />
      </div>
    </header>
  );
}

/** On a phone: the same list as a dialog from the left. */
function Drawer({path, onClose}: {path: string; onClose: () => void}) {
  const box = useRef<HTMLDialogElement>(null);
  const first = useRef(path);
  useEffect(() => {
    box.current!.showModal();
    return () => box.current?.close();
  }, []);
  useEffect(() => {
    if (path !== first.current) onClose();
  }, [path]);
  return (
    <dialog
      class="drawer"
      ref={box}
      aria-label="Menu"
      onCancel={onClose}
      onClick={event => event.target === box.current && onClose()}>
      <Sidebar path={path} />
    </dialog>
  );
}

export function Frame() {
  const {path} = usePlace();
  const {account} = useSite();
  const [drawer, setDrawer] = useState(false);
  const {key, page} = pageAt(path);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <div class="frame">
        <Sidebar path={path} />
        <header class="topbar">
          <Button
            look="quiet"
            icon="menu"
            aria-label="Open the menu"
            aria-haspopup="dialog"
            onClick={() => setDrawer(true)}
          />
          <a class="brand grow" href="/">
            <Mark size={24} />
            tollgate
          </a>
          <a class="avatar" href="/settings" aria-label="Settings">
            {[...(account.name || account.email)][0]?.toUpperCase()}
          </a>
        </header>
        <main class="main" id="main" tabIndex={-1} key={key}>
          {page}
        </main>
      </div>
      {drawer && <Drawer path={path} onClose={() => setDrawer(false)} />}
    </>
  );
}
