// A gateway with its dashboard, and a browser that looks at it and keeps account of what must never happen: a request to
// another origin, a breach of the page's security policy, an error in a script.
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {chromium} from 'playwright-core';
import {eventually, root, startPrograms} from '../../support/programs.mjs';

export {eventually, root};

const executablePath =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];
/** How long anything may take on a machine that is busy; nothing waits longer than it must. */
export const patience = 60000;
export const password = 'correct horse battery';

function configuration({port, metricsPort, provider, settings}) {
  const simulated = {
    protocol: 'openai',
    base_url: `${provider}/v1`,
    keys: ['sk-of-the-operator'],
    attempts: 1,
  };
  return {
    server: {listen: [`127.0.0.1:${port}`], workers: 1, drain_timeout: '1s'},
    storage: {database: 'sqlite:./tollgate.db', journal: './journal'},
    accounts: {session_secret: 'a secret of this test alone', concurrency: 0},
    billing: {prices: path.join(root, 'config/prices.json')},
    providers: {openai: simulated, anthropic: {...simulated, protocol: 'openai'}},
    telemetry: {metrics_listen: `127.0.0.1:${metricsPort}`, log_level: 'warn'},
    ...settings,
    ...(settings.billing
      ? {billing: {prices: path.join(root, 'config/prices.json'), ...settings.billing}}
      : {}),
  };
}

/** Everything that a page of this context did which it must not do. */
function watch(context, address) {
  const faults = [];
  context.on('request', request => {
    const {origin, protocol} = new URL(request.url());
    if (origin !== address && protocol !== 'blob:') faults.push(`asked another origin: ${request.url()}`);
  });
  context.on('weberror', error => faults.push(`threw: ${error.error().stack}`));
  context.on('console', message => {
    // The browser itself reports each answer of 400 and above; those are asked for here.
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text()))
      faults.push(`console: ${message.text()}`);
  });
  context.on('dialog', dialog => {
    faults.push(`a script ran: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  return faults;
}

export async function startDashboard(settings = {}) {
  const programs = await startPrograms('e2e', ports => configuration({...ports, settings}));
  const browser = await chromium.launch({executablePath, args: flags});
  const {address} = programs;
  const contexts = [];

  /** A browser of its own: {page, context, faults}. */
  const open = async (options = {}) => {
    const context = await browser.newContext({
      viewport: {width: 1280, height: 860},
      baseURL: address,
      ...options,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], {origin: address});
    context.setDefaultTimeout(patience);
    const opened = {page: await context.newPage(), context, faults: watch(context, address)};
    contexts.push(opened);
    return opened;
  };

  /** The management API with the cookie of a page: (method, path, body) → parsed answer. */
  const apiOf = page => async (method, target, body) => {
    const response = await page.request.fetch(target, {
      method,
      headers: {'content-type': 'application/json', origin: address},
      ...(body === undefined ? {} : {data: body}),
    });
    assert.ok(response.ok(), `${method} ${target}: ${response.status()} ${await response.text()}`);
    return response.status() === 204 ? undefined : response.json();
  };

  /** A call of a model with a key, as a program makes it: {status, error, text}. */
  const call = async (key, {model = 'gpt-4o-mini', stream = false, ...rest} = {}) => {
    const response = await fetch(`${address}/v1/chat/completions`, {
      method: 'POST',
      headers: {authorization: `Bearer ${key}`, 'content-type': 'application/json'},
      body: JSON.stringify({model, stream, messages: [{role: 'user', content: 'Good day'}], ...rest}),
    });
    const text = await response.text();
    return {status: response.status, text, reason: response.ok ? undefined : JSON.parse(text).error.reason};
  };

  const stop = async () => {
    await browser.close();
    await programs.stop();
    assert.deepEqual(
      contexts.flatMap(({faults}) => faults),
      [],
    );
  };
  return {...programs, open, apiOf, call, stop};
}

/** Fills in the form for a new account and waits for the first page. */
export async function signUp(page, {name, email}) {
  await page.goto('/sign-up');
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', {name: /^Create/}).click();
  await page.getByRole('heading', {name: 'Overview'}).waitFor();
}

/** The message in the corner. */
export async function sees(page, text) {
  await page.locator('.toast', {hasText: text}).first().waitFor();
}
