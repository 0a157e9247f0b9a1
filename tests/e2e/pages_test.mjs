// Every page in both themes and two widths: no serious fault for people who cannot see or use a mouse (axe-core), nothing
// wider than the screen, and a picture to look at in tests/e2e/screenshots.
import assert from 'node:assert/strict';
import {mkdir, readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {eventually, patience, root, signUp, startDashboard} from './support/dashboard.mjs';

const pictures = path.join(root, 'tests/e2e/screenshots');
const screens = {desktop: {width: 1280, height: 860}, phone: {width: 360, height: 780}};
const pages = {
  overview: '/',
  keys: '/keys',
  'keys-all': '/keys?scope=all&sort=-spent',
  'key-create': '/keys?create=1',
  usage: '/usage',
  'usage-today': '/usage?range=today&by=key',
  requests: '/usage/requests',
  billing: '/billing',
  models: '/models',
  settings: '/settings',
  accounts: '/admin/accounts',
  credits: '/admin/credits',
  providers: '/admin/providers',
  nodes: '/admin/nodes',
  'nodes-fleet': '/admin/nodes?fleet',
  audit: '/admin/audit',
  missing: '/no-such-page',
};

let site, state, axe;

before(async () => {
  await rm(pictures, {recursive: true, force: true});
  await mkdir(pictures, {recursive: true});
  axe = await readFile(path.join(root, 'tests/e2e/node_modules/axe-core/axe.min.js'), 'utf8');
  site = await startDashboard({billing: {wallet: true}});
  const {page, context} = await site.open();
  await signUp(page, {name: 'Asha Rao', email: 'asha@example.org'});
  await fill(site.apiOf(page));
  pages.key = `/keys/${(await site.apiOf(page)('GET', '/api/api-keys?search=Production')).data[0].id}`;
  state = await context.storageState();
});
after(() => site?.stop());

/** Something to look at: keys of every state, calls that went well and that did not, two lots. */
async function fill(api) {
  const {account} = await api('GET', '/api/auth/me');
  await api('POST', '/api/admin/credits', {
    account_id: account.id,
    amount: '500',
    note: 'Bank transfer of 3 November',
  });
  await api('POST', '/api/admin/credits', {account_id: account.id, amount: '1500'});
  await api('POST', '/api/admin/users', {email: 'ben@example.org', name: 'Ben Okafor'});
  await api('POST', '/api/admin/invitations', {email: 'dev@example.org'});
  const {data: users} = await api('GET', '/api/admin/users?search=ben');
  await api('POST', '/api/api-keys', {name: 'Ben’s scripts', account_id: users[0].id});
  const make = body => api('POST', '/api/api-keys', body);
  const production = await make({
    name: 'Production',
    rate_limit: 1000,
    budget: '500',
    budget_period: 'monthly',
    metadata: {team: 'platform'},
  });
  const laptop = await make({
    name: 'Asha’s laptop',
    rate_limit: 60,
    budget: '0.1',
    budget_period: 'daily',
    expires_at: '2099-12-31',
  });
  const old = await make({name: 'Old prototype'});
  const paused = await make({
    name: 'Evaluation of a name that is rather long for a table of keys',
    models: ['gpt-4o*'],
  });
  await api('DELETE', `/api/api-keys/${old.id}`);
  await api('POST', `/api/api-keys/${paused.id}/disable`, {});
  for (const model of ['gpt-4o-mini', 'gpt-4o', 'gpt-4.1-mini']) {
    for (let i = 0; i < 3; ++i) await site.call(production.key, {model, stream: i % 2 === 0, max_tokens: 64});
  }
  await site.call(production.key, {messages: [{role: 'user', content: 'Fail, please [[sim: status=500]]'}]});
  await site.call(laptop.key, {max_tokens: 64});
  await eventually(
    'the calls are counted',
    async () => (await api('GET', '/api/usage/summary')).total.requests >= 10,
    patience,
  );
}

/** What several nodes would look like: this gateway is alone. */
function fleet() {
  const ago = seconds => new Date(Date.now() - seconds * 1000).toISOString();
  const node = (name, more) => ({
    name,
    host: `${name.replace('node_', 'gw-')}.internal`,
    version: '0.1.0',
    started_at: ago(500_000),
    seen_at: ago(0),
    alive: true,
    reaches_redis: true,
    workers: null,
    connections: null,
    ready: null,
    parts: null,
    current: false,
    ...more,
  });
  const parts = {database: 'ok', journal: 'ok', redis: 'ok', draining: 'false'};
  return {
    data: [
      node('node_3f9a1c20', {workers: 8, connections: 1284, ready: true, parts, current: true}),
      node('node_77b0d4e1'),
      node('node_a1b2c3d4', {reaches_redis: false}),
      node('node_e5f60718', {alive: false, seen_at: ago(4000)}),
      node('node_old', {host: null, version: null, started_at: null}),
    ],
  };
}

async function settle(page) {
  await page.waitForLoadState('networkidle');
  await eventually(
    'nothing is loading',
    async () => (await page.locator('.skeleton, [aria-busy=true]').count()) === 0,
    patience,
  );
  await page.evaluate('document.fonts.ready');
}

async function seriousFaults(page) {
  // The debugger runs it; a script of the page could not.
  await page.evaluate(axe);
  const {violations} = await page.evaluate('axe.run(document, {resultTypes: ["violations"]})');
  return violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .flatMap(({id, nodes}) => nodes.map(({html, failureSummary}) => `${id}: ${html}\n${failureSummary}`));
}

async function visit(page, name, target) {
  await page.goto(target);
  await settle(page);
  await page.screenshot({path: path.join(pictures, `${name}.png`), fullPage: true});
  const wide = await page.evaluate(
    'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
  );
  assert.equal(wide, 0, `${name} is ${wide} px wider than the screen`);
  assert.deepEqual(await seriousFaults(page), [], name);
}

for (const theme of ['light', 'dark']) {
  for (const [width, size] of Object.entries(screens)) {
    test(`every page is sound in the ${theme} theme on a ${width}`, async () => {
      const options = {colorScheme: theme, viewport: size, reducedMotion: 'reduce'};
      const inside = await site.open({...options, storageState: state});
      await inside.page.route('**/api/admin/nodes', (route, request) =>
        request.frame().url().endsWith('?fleet') ? route.fulfill({json: fleet()}) : route.continue(),
      );
      for (const [name, target] of Object.entries(pages))
        await visit(inside.page, `${name}-${theme}-${width}`, target);
      const outside = await site.open(options);
      for (const name of ['sign-in', 'sign-up', 'reset'])
        await visit(outside.page, `${name}-${theme}-${width}`, `/${name}`);
      await inside.context.close();
      await outside.context.close();
    });
  }
}

test('the first view weighs less than 150 KiB, before and after signing in', async () => {
  for (const storageState of [undefined, state]) {
    const {page, context} = await site.open({storageState});
    const session = await context.newCDPSession(page);
    let bytes = 0;
    session.on('Network.loadingFinished', ({encodedDataLength}) => (bytes += encodedDataLength));
    await session.send('Network.enable');
    await page.goto('/');
    await settle(page);
    assert.ok(bytes > 10_000 && bytes < 150 * 1024, `${bytes} bytes`);
    console.log(`first view ${storageState ? 'of the overview' : 'of signing in'}: ${bytes} bytes`);
    await context.close();
  }
});

test('the page is served with a policy that allows nothing inline, and its parts are kept for a year', async () => {
  const {page} = await site.open();
  const response = await page.goto('/');
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  const [script] = await page.locator('script[src]').evaluateAll(all => all.map(one => one.src));
  assert.match((await page.request.get(script)).headers()['cache-control'], /immutable/);
  assert.equal((await page.request.get('/assets/none-of-these.js')).status(), 404);
});

test('everything works with the keyboard: skip link, menu, dialog, and the focus comes back', async () => {
  const {page} = await site.open({storageState: state});
  await page.goto('/keys');
  await settle(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the page');
  const button = page.getByRole('button', {name: 'Create New Key'});
  await button.focus();
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', {name: 'Create new key'});
  await form.waitFor();
  assert.equal(await page.evaluate('document.activeElement.closest("dialog") !== null'), true);
  for (let i = 0; i < 30; ++i) {
    await page.keyboard.press('Tab');
    assert.equal(
      await page.evaluate(
        'document.activeElement === document.body || document.activeElement.closest("dialog") !== null',
      ),
      true,
    );
  }
  await page.keyboard.press('Escape');
  await form.waitFor({state: 'detached'});
  assert.equal(await button.evaluate(element => element === document.activeElement), true);

  const menu = page.getByRole('button', {name: 'Actions for Production'});
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Rotate secret');
  await page.keyboard.press('Escape');
  assert.equal(await menu.evaluate(element => element === document.activeElement), true);
});

test('the theme follows the system until a person chooses, and the choice is kept', async () => {
  const {page} = await site.open({storageState: state, colorScheme: 'dark'});
  const becomes = theme => page.locator(`html[data-theme=${theme}]`).waitFor();
  await page.goto('/settings');
  await becomes('dark');
  await page.emulateMedia({colorScheme: 'light'});
  await becomes('light');
  await page.getByRole('radio', {name: 'Dark'}).check();
  await page.reload();
  await becomes('dark');
});

test('when the gateway cannot be reached the page says so, and loads when it can', async () => {
  const {page, context} = await site.open({storageState: state});
  await page.goto('/models');
  await settle(page);
  await context.route('**/api/usage/**', route => route.abort());
  await page.getByRole('link', {name: 'Usage'}).click();
  await page.getByText('The gateway cannot be reached').first().waitFor();
  await context.unroute('**/api/usage/**');
  const again = page.getByRole('button', {name: 'Try again'});
  await eventually(
    'nothing is left to try again',
    async () => {
      if (await again.count()) await again.first().click();
      return (await again.count()) === 0;
    },
    patience,
  );
  await page.getByRole('row').filter({hasText: 'gpt-4o-mini'}).waitFor();
});

test('what the server says of a failure is shown with the id of the request', async () => {
  const {page, context} = await site.open({storageState: state});
  await context.route('**/api/api-keys?*', route =>
    route.fulfill({
      status: 503,
      headers: {'content-type': 'application/json', 'x-request-id': 'req-of-this-test'},
      body: JSON.stringify({
        error: {
          message: 'The database does not answer.',
          type: 'service_unavailable',
          param: null,
          code: 503,
          reason: 'storage_unavailable',
        },
      }),
    }),
  );
  await page.goto('/keys');
  await page.getByText('The database does not answer.').waitFor();
  await page.getByText('req-of-this-test').waitFor();
});
