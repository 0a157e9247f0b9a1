// The gateway and a simulated provider, started as users start them, with a key made on the command line. Each test file
// has its own pair, on ports of its own, in a folder that goes away.
import {execFile} from 'node:child_process';
import path from 'node:path';
import {promisify} from 'node:util';
import OpenAI from 'openai';
import {binaries, eventually, root, startPrograms} from '../../support/programs.mjs';

export {eventually};

function configuration({port, metricsPort, provider, settings}) {
  const openai = {
    protocol: 'openai',
    base_url: `${provider}/v1`,
    keys: ['sk-of-the-operator'],
    attempts: 1, // a failure reaches the SDK at once, so that its own retries can be seen
    breaker: {failures: 0},
  };
  return {
    server: {listen: [`127.0.0.1:${port}`], workers: 1, drain_timeout: '1s'},
    storage: {database: 'sqlite:./tollgate.db', journal: './journal'},
    accounts: {concurrency: 0},
    billing: {prices: path.join(root, 'config/prices.json')},
    providers: {openai},
    telemetry: {metrics_listen: `127.0.0.1:${metricsPort}`, log_level: 'warn'},
    ...settings,
  };
}

/** `settings` replaces whole sections of the configuration. */
export async function startGateway(settings = {}) {
  const started = await startPrograms('sdk', ports => configuration({...ports, settings}));
  const {address, provider, folder, file, stop} = started;

  /** A new key, made as an operator makes one: {key, id, …}. */
  const command = async (...parameters) => {
    const all = [...parameters, '--json', '--config', file];
    const {stdout} = await promisify(execFile)(path.join(binaries, 'tollgate'), all, {cwd: folder});
    return JSON.parse(stdout);
  };
  const createKey = (...options) => command('key', 'create', '--name', 'sdk', ...options);
  const revokeKey = id => command('key', 'revoke', id);
  const {key} = await createKey('--rate-limit', '10000');
  const client = (options = {}) => new OpenAI({apiKey: key, baseURL: `${address}/v1`, maxRetries: 0, ...options});

  /** What the provider saw of the calls with this tag, once `complete` is content with them. */
  const seenByProvider = (tag, complete, milliseconds) =>
    eventually(
      `the provider's log of ${tag}`,
      async () => {
        const response = await fetch(`${provider}/__requests?tag=${tag}`);
        const {requests} = await response.json();
        return complete(requests) && requests;
      },
      milliseconds,
    );

  return {address, key, client, createKey, revokeKey, seenByProvider, stop};
}

/** A message that tells the simulator how to answer: say('hello', {tokens: 3, ttft: 100}). */
export function say(text, script = {}) {
  const directives = Object.entries(script).map(([name, value]) => `${name}=${value}`);
  return [{role: 'user', content: directives.length ? `${text} [[sim: ${directives.join(' ')}]]` : text}];
}

let tags = 0;
/** A name for one test's calls in the provider's log. */
export function newTag() {
  tags += 1;
  return `sdk-${process.pid}-${tags}`;
}

export const model = 'gpt-4o-mini';
