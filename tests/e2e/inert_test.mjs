// Markup in whatever a person or a program can have stored is shown as the text that it is, on every page.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {eventually, password, patience, signUp, startDashboard} from './support/dashboard.mjs';

const markup = mark => `<img src=x onerror="alert('${mark}')"><b>${mark}</b>`;
let site, page, api;

before(async () => {
  site = await startDashboard({billing: {wallet: true}, routing: {pool: 'openai'}});
  ({page} = await site.open());
  await signUp(page, {name: markup('my name'), email: 'asha@example.org'});
  api = site.apiOf(page);
});
after(() => site?.stop());

test('names, notes, models and ids with markup are inert wherever they are shown', async () => {
  const {account} = await api('GET', '/api/auth/me');
  await api('POST', '/api/admin/credits', {account_id: account.id, amount: '100', note: markup('note')});
  await api('POST', '/api/admin/users', {email: 'ben@example.org', name: markup('user'), password});
  const made = await api('POST', '/api/api-keys', {
    name: markup('key'),
    models: ['<script>alert("model")</script>*', '*'],
    metadata: {'<i>field</i>': markup('value')},
  });
  const headers = {
    authorization: `Bearer ${made.key}`,
    'content-type': 'application/json',
    'x-request-id': 'plain-id',
  };
  const body = JSON.stringify({
    model: '<script>alert("asked")</script>',
    messages: [{role: 'user', content: 'hello'}],
  });
  await fetch(`${site.address}/v1/chat/completions`, {method: 'POST', headers, body});
  await site.call(made.key);
  await eventually(
    'a call is counted',
    async () => (await api('GET', '/api/usage/summary')).total.requests >= 1,
    patience,
  );

  const seen = new Set();
  const targets = [
    '/',
    '/keys',
    `/keys/${made.id}`,
    '/usage?by=key',
    '/usage/requests',
    '/billing',
    '/models',
    '/settings',
    '/admin/accounts',
    '/admin/credits',
    '/admin/audit',
  ];
  for (const target of targets) {
    await page.goto(target);
    await page.waitForLoadState('networkidle');
    assert.equal(
      await page.locator('main img, main b:not(.chart-tip b), main i:not(.key-dot), main script').count(),
      0,
      `${target} has elements of a stored string`,
    );
    const text = await page.locator('body').innerText();
    for (const mark of ['my name', 'note', 'user', 'key', 'value'])
      if (text.includes(markup(mark))) seen.add(mark);
  }
  // The words really were there, as text.
  assert.deepEqual([...seen].sort(), ['key', 'my name', 'note', 'user', 'value']);
});

test('a search that is markup is inert too', async () => {
  await page.goto('/keys');
  await page.getByRole('searchbox').fill(markup('search'));
  await page.getByText('No key matches').waitFor();
  await page.goto(
    `/usage/requests?model=${encodeURIComponent(markup('address'))}&key=${encodeURIComponent(markup('id'))}`,
  );
  await page.waitForLoadState('networkidle');
  assert.equal(await page.locator('main img').count(), 0);
});

test('after signing in nobody is led to another site', async () => {
  for (const to of ['https://example.org/', '//example.org/', '/\\example.org', 'javascript:alert(1)']) {
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
    await page.getByRole('heading', {name: 'Overview'}).waitFor();
    assert.equal(new URL(page.url()).origin, site.address);
  }
});
