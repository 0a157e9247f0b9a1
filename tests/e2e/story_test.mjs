// What the first visitor of a new gateway does, from signing up to revoking a key, with every refusal on the way.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import {eventually, password, patience, sees, signUp, startDashboard} from './support/dashboard.mjs';

let site, page, api, key, slow;

before(async () => {
  site = await startDashboard({billing: {wallet: true}});
  ({page} = await site.open());
  api = site.apiOf(page);
});
after(() => site?.stop());

const dialog = name => page.getByRole('dialog', {name});
const row = name => page.getByRole('row').filter({has: page.getByRole('link', {name, exact: true})});
const pick = async (name, item) => {
  await page.goto('/keys');
  await page.getByRole('button', {name: `Actions for ${name}`}).click();
  await page.getByRole('menuitem', {name: item}).click();
};

/** Without Redis a change of a key holds for every call that begins a second after its answer, which the page has by now. */
async function holds(secret, status, reason) {
  await delay(1000);
  for (let i = 0; i < 4; ++i) {
    const answer = await site.call(secret);
    assert.deepEqual([answer.status, answer.reason], [status, reason]);
  }
}

/** Fills in the form of a new key and gives the secret that is shown once. */
async function createKey({name, rate, budget, period, expires}) {
  await page.goto('/keys');
  await page.getByRole('button', {name: 'Create New Key'}).first().click();
  const form = dialog('Create new key');
  await form.getByLabel('Name', {exact: true}).fill(name);
  if (rate) await form.getByLabel('Rate limit').fill(rate);
  if (budget) await form.getByRole('textbox', {name: 'Budget'}).fill(budget);
  if (period) await form.getByLabel('Budget period').selectOption(period);
  if (expires) await form.getByLabel('Expires').selectOption(expires);
  await form.getByRole('button', {name: 'Create key'}).click();
  const secret = await dialog('Your new key').locator('[data-secret]').innerText();
  assert.match(secret, /^sk-[0-9a-f]{64}$/);
  return secret;
}

async function done() {
  await page.getByRole('button', {name: /Done|I have stored it/}).click();
  await page.getByRole('dialog').waitFor({state: 'detached'});
}

test('a new gateway explains that the first account becomes the administrator', async () => {
  await page.goto('/');
  await page.getByRole('heading', {name: 'Welcome to tollgate'}).waitFor();
  await page.getByText('The first account becomes the administrator.').waitFor();
  await page.getByLabel('E-mail address').fill('asha@example.org');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', {name: 'Create the administrator'}).click();
  await page
    .getByText(/at least \d+ characters/i)
    .nth(1)
    .waitFor();
  await signUp(page, {name: 'Asha Rao', email: 'asha@example.org'});
  await page.getByText('Administration').waitFor();
  await page.getByText('Make your first key').waitFor();
});

test('the cookie of a session is out of the reach of scripts', async () => {
  const cookie = (await page.context().cookies()).find(({name}) => name === 'token');
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');
  assert.equal(await page.evaluate('document.cookie'), '');
});

test('an administrator tops up the wallet, and the lot is there', async () => {
  await page.goto('/billing');
  await page.getByText('No credit yet').waitFor();
  await page.getByRole('button', {name: 'Top up'}).click();
  const form = dialog('Top up a wallet');
  await form.getByLabel('Amount').fill('1000');
  await form.getByLabel('Note').fill('Bank transfer');
  await form.getByRole('button', {name: 'Add ₹1,000.00'}).click();
  await sees(page, 'Added ₹1,000.00.');
  await page.getByRole('row').filter({hasText: 'Bank transfer'}).filter({hasText: 'of ₹1,000.00'}).waitFor();
});

test('a key is made with a name, a rate limit, a budget and an expiry, and copied once', async () => {
  await page.goto('/keys');
  await page.getByText('No keys yet').waitFor();
  await page.getByRole('button', {name: 'Create New Key'}).first().click();
  const form = dialog('Create new key');
  await form.getByRole('button', {name: 'Create key'}).click();
  await form.getByText('Give the key a name').waitFor();
  await form.getByLabel('Name', {exact: true}).fill('Production');
  await form.getByLabel('Rate limit').fill('120');
  await form.getByRole('textbox', {name: 'Budget'}).fill('500');
  await form.getByLabel('Budget period').selectOption('monthly');
  await form.getByLabel('Expires').selectOption('90');
  await form.getByText('At most 120 requests in any 60 seconds').waitFor();
  await form.getByText('Spends at most ₹500 each month.').waitFor();
  await form.getByText('90 days from now').waitFor();
  await form.getByRole('button', {name: 'Create key'}).click();

  const shown = dialog('Your new key');
  key = await shown.locator('[data-secret]').innerText();
  await page.keyboard.press('Escape'); // not before it was copied
  await shown
    .getByRole('button', {name: 'Copy the key', exact: true})
    .or(shown.locator('.secret button'))
    .first()
    .click();
  await sees(page, 'Copied the key.');
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), key);
  for (const [language, mark] of [
    ['Python', 'from openai import OpenAI'],
    ['JavaScript', "import OpenAI from 'openai'"],
    ['Claude Code', 'ANTHROPIC_BASE_URL'],
  ]) {
    await shown.getByRole('radio', {name: language, exact: true}).check();
    await shown.locator('pre').getByText(mark).waitFor();
    assert.ok((await shown.locator('pre').innerText()).includes(key));
  }
  await done();
  await row('Production').waitFor();
  assert.ok(!(await page.content()).includes(key), 'the secret is still on the page');
  await page.reload();
  await row('Production').waitFor();
  assert.ok(!(await page.content()).includes(key), 'the secret can be had again');
});

test('a streamed call with the key is answered, and the usage shows it within seconds', async () => {
  const answer = await site.call(key, {stream: true});
  assert.equal(answer.status, 200);
  assert.match(answer.text, /data: \[DONE\]\s*$/);
  await eventually(
    'the call is in the log',
    async () => (await api('GET', '/api/usage/requests')).data.length === 1,
    patience,
  );
  await page.goto('/usage/requests');
  const call = page.getByRole('row').filter({hasText: 'gpt-4o-mini'});
  await call.filter({hasText: '200'}).waitFor();
  await call.getByRole('button').click();
  await dialog('Call').getByText('chat.completions (streamed)').waitFor();
  await dialog('Call').getByText('as the provider counted').waitFor();
  await page.keyboard.press('Escape');
  await dialog('Call').waitFor({state: 'detached'});

  await page.goto('/usage?range=today');
  await page.getByRole('row').filter({hasText: 'gpt-4o-mini'}).waitFor();
  await page.getByRole('button', {name: 'Show as a table'}).click();
  await page
    .getByRole('region', {name: /as a table/})
    .getByRole('row')
    .nth(1)
    .waitFor();
  await page.goto('/keys');
  await row('Production').filter({hasText: 'of ₹500'}).waitFor();
});

test('the wallet shows what the call took from the lot', async () => {
  await page.goto('/billing');
  const [lot] = (await api('GET', '/api/billing/lots')).data;
  assert.ok(Number(lot.consumed) > 0);
  await page.getByTitle(lot.consumed).first().waitFor();
  await page.getByRole('row').filter({hasText: 'Usage'}).waitFor();
});

test('an exhausted budget is refused with 402 and seen as such', async () => {
  const secret = await createKey({name: 'Small budget', budget: '0.02'});
  await done();
  const refused = await eventually(
    'the budget is spent',
    async () => {
      const answer = await site.call(secret, {max_tokens: 64});
      return answer.status === 402 && answer;
    },
    patience,
  );
  assert.equal(refused.reason, 'budget_exceeded');
  await page.goto('/keys');
  const meter = row('Small budget').getByRole('meter');
  await meter.waitFor();
  assert.ok(Number(await meter.getAttribute('aria-valuenow')) > 50);
  const {spent} = (await api('GET', '/api/api-keys?search=Small')).data[0];
  assert.ok(Number(spent) <= 0.02, `spent ${spent} of 0.02`);
});

test('calls beyond the rate limit are refused with 429', async () => {
  slow = await createKey({name: 'Slow', rate: '2'});
  await done();
  const statuses = [];
  for (let i = 0; i < 3; ++i) statuses.push((await site.call(slow)).status);
  assert.deepEqual(statuses, [200, 200, 429]);
});

test('limits that are changed hold within a second', async () => {
  await pick('Slow', 'Edit limits');
  await dialog('Edit key').getByLabel('Rate limit').fill('1000');
  await dialog('Edit key').getByRole('button', {name: 'Save'}).click();
  await sees(page, 'Saved.');
  await holds(slow, 200);
  await row('Slow').filter({hasText: '1,000'}).waitFor();
});

test('a key that has expired is refused with 403 and listed as expired', async () => {
  const secret = await createKey({name: 'Brief', expires: '7'});
  await done();
  const [{id}] = (await api('GET', '/api/api-keys?search=Brief')).data;
  await api('PATCH', `/api/api-keys/${id}`, {expires_at: new Date(Date.now() + 500).toISOString()});
  const refused = await eventually(
    'the key has expired',
    async () => {
      const answer = await site.call(secret);
      return answer.status === 403 && answer;
    },
    patience,
  );
  assert.equal(refused.reason, 'expired_key');
  await page.goto('/keys?state=expired');
  await row('Brief').filter({hasText: 'Expired'}).waitFor();
  await row('Production').waitFor({state: 'detached'});
});

test('after a rotation with grace both secrets work, without grace only the new one', async () => {
  const rotate = async grace => {
    await pick('Production', 'Rotate secret');
    await dialog('Rotate the secret').getByLabel('The old secret stops working').selectOption(grace);
    await dialog('Rotate the secret').getByRole('button', {name: 'Rotate', exact: true}).click();
    const secret = await dialog('The new secret').locator('[data-secret]').innerText();
    await done();
    return secret;
  };
  const second = await rotate('86400');
  assert.notEqual(second, key);
  await holds(second, 200);
  assert.equal((await site.call(key)).status, 200);
  const third = await rotate('0');
  await holds(second, 401, 'invalid_key');
  await holds(third, 200);
  key = third;
});

test('a disabled key is refused until it is enabled', async () => {
  await pick('Production', 'Disable');
  await sees(page, 'The key is disabled');
  await row('Production').filter({hasText: 'Disabled'}).waitFor();
  await holds(key, 401, 'disabled_key');
  await pick('Production', 'Enable');
  await sees(page, 'The key works again.');
  await holds(key, 200);
});

test('revoking wants the name of the key, and is for good', async () => {
  await pick('Production', 'Revoke');
  const question = dialog('Revoke this key for good?');
  const button = question.getByRole('button', {name: 'Revoke key'});
  assert.equal(await button.isDisabled(), true);
  await question.getByRole('textbox').fill('Production');
  await button.click();
  await sees(page, 'The key is revoked.');
  await row('Production').filter({hasText: 'Revoked'}).waitFor();
  await holds(key, 401, 'revoked_key');
  await row('Production').getByRole('link').click();
  await page.getByRole('heading', {name: 'Production'}).waitFor();
  assert.equal(await page.getByRole('button', {name: 'Edit limits'}).count(), 0);
});

test('an invited person becomes a member, sees nothing of others, and can be disabled', async () => {
  await page.goto('/admin/accounts');
  await page.getByRole('button', {name: 'Invite'}).click();
  await dialog('Invite somebody').getByLabel('E-mail address').fill('ben@example.org');
  await dialog('Invite somebody').getByRole('button', {name: 'Make the link'}).click();
  const link = await dialog('Invitation').locator('[data-secret]').innerText();
  await done();

  const {page: other} = await site.open();
  await other.goto(link);
  await other.getByLabel('Your name').fill('Ben');
  await other.getByLabel('E-mail address').fill('ben@example.org');
  await other.getByLabel('Password').fill(password);
  await other.getByRole('button', {name: 'Create account'}).click();
  await other.getByRole('heading', {name: 'Overview'}).waitFor();
  assert.equal(await other.getByText('Administration').count(), 0);
  await other.goto('/keys');
  await other.getByText('No keys yet').waitFor();
  const [{id}] = (await api('GET', '/api/api-keys?search=Slow')).data;
  await other.goto(`/keys/${id}`);
  await other.getByText('Not found').waitFor();

  await page.reload();
  await page.getByRole('button', {name: 'Actions for ben@example.org'}).click();
  await page.getByRole('menuitem', {name: 'Disable'}).click();
  await dialog('Disable this account?').getByRole('button', {name: 'Disable'}).click();
  await sees(page, 'is disabled');
  await other.goto('/keys');
  await other.getByRole('heading', {name: 'Sign in'}).waitFor();
});

test('an administrator makes a key for somebody else, and finds it among everyone’s', async () => {
  await page.goto('/keys?create=1');
  const form = dialog('Create new key');
  await form.getByLabel('Name', {exact: true}).fill('Zeta of Ben');
  await form.getByLabel('Account').fill('nobody@example.org');
  await form.getByRole('button', {name: 'Create key'}).click();
  await form.getByText('There is no account with this address.').waitFor();
  await form.getByLabel('Account').fill('Ben@example.org');
  await form.getByRole('button', {name: 'Create key'}).click();
  await dialog('Your new key').locator('[data-secret]').waitFor();
  await done();
  await page.goto('/keys');
  await row('Slow').waitFor();
  assert.equal(await row('Zeta of Ben').count(), 0);
  await page.getByRole('radio', {name: 'Everyone’s'}).check();
  await row('Zeta of Ben').filter({hasText: 'ben@example.org'}).waitFor();
  const first = name => page.locator('tbody tr').first().filter({hasText: name}).waitFor();
  await page.getByRole('button', {name: 'Name', exact: true}).click();
  await first('Brief');
  await page.getByRole('button', {name: 'Name', exact: true}).click();
  await first('Zeta of Ben');
  await page.reload();
  await first('Zeta of Ben');
  await page.setViewportSize({width: 360, height: 780});
  await page.getByLabel('Order').selectOption('Newest first');
  await first('Zeta of Ben');
  await page.getByLabel('Order').selectOption('By name');
  await first('Brief');
  await page.setViewportSize({width: 1280, height: 860});
  await page.getByRole('button', {name: 'Name', exact: true}).click();
  assert.equal(await page.getByRole('columnheader', {name: 'Name'}).getAttribute('aria-sort'), 'descending');
});

test('the pages of the administrator show providers, nodes, credits and who did what', async () => {
  await page.goto('/admin/providers');
  await page.getByRole('region', {name: 'openai', exact: true}).getByText('Working').first().waitFor();
  await page.goto('/admin/nodes');
  await page.getByText('This one').waitFor();
  await page.goto('/admin/credits');
  await page
    .getByRole('row')
    .filter({hasText: 'asha@example.org'})
    .filter({hasText: 'Bank transfer'})
    .waitFor();
  await page.goto('/admin/audit');
  for (const action of ['key.create', 'key.rotate', 'key.revoke'])
    await page.getByText(action).first().waitFor();
});

test('a changed password ends the other sessions', async () => {
  const {page: phone} = await site.open();
  await phone.goto('/sign-in');
  await phone.getByLabel('E-mail address').fill('asha@example.org');
  await phone.getByLabel('Password').fill('not the password');
  await phone.getByRole('button', {name: 'Sign in'}).click();
  await phone.getByRole('alert').waitFor();
  await phone.getByLabel('Password').fill(password);
  await phone.getByRole('button', {name: 'Sign in'}).click();
  await phone.getByRole('heading', {name: 'Overview'}).waitFor();

  await page.goto('/settings');
  await page.getByText('This one').waitFor();
  await page.getByLabel('Current password').fill(password);
  await page.getByLabel('New password').fill(`${password} staple`);
  await page.getByRole('button', {name: 'Change password'}).click();
  await sees(page, 'Your password is changed.');
  await phone.goto('/keys');
  await phone.getByRole('heading', {name: 'Sign in'}).waitFor();
});

test('after signing out the pages are closed, and signing in leads back to where one wanted to go', async () => {
  await page.goto('/');
  await page.getByRole('button', {name: /Your account/}).click();
  await page.getByRole('menuitem', {name: 'Sign out'}).click();
  await page.getByRole('heading', {name: 'Sign in'}).waitFor();
  await page.goto('/usage?range=7d');
  await page.getByLabel('E-mail address').fill('asha@example.org');
  await page.getByLabel('Password').fill(`${password} staple`);
  await page.getByRole('button', {name: 'Sign in'}).click();
  await page.getByRole('heading', {name: 'Usage'}).waitFor();
  assert.equal(new URL(page.url()).search, '?range=7d');
});
