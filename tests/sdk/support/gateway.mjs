// The gateway and a simulated provider, started as users start them: the release binaries, a configuration file, a key
// made on the command line. Each test file has its own pair, on ports of its own, in a folder that goes away.
import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, mkdir, rm, writeFile} from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import OpenAI from 'openai';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const binaries = process.env.TOLLGATE_BINARIES ?? path.join(root, 'build/release/bin');

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Calls `probe` until it yields something true, and gives that. */
export async function eventually(what, probe, milliseconds = 5000) {
  const end = performance.now() + milliseconds;
  for (;;) {
    const value = await probe();
    if (value) return value;
    assert.ok(performance.now() < end, `not within ${milliseconds} ms: ${what}`);
    await pause(20);
  }
}

/** A program that runs until it is stopped; what it says is shown if a test fails to start it. */
class Program {
  constructor(name, parameters, folder) {
    this.name = name;
    this.said = '';
    this.child = spawn(path.join(binaries, name), parameters, {cwd: folder, stdio: ['ignore', 'pipe', 'pipe']});
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', text => (this.said += text));
    this.ended = once(this.child, 'exit');
    this.ended.catch(error => (this.said += error));
    process.on('exit', () => this.child.kill('SIGKILL'));
  }

  /** Waits until `probe` yields something true, unless the program ends first. */
  async ready(probe) {
    const watch = async () => {
      assert.equal(this.child.exitCode, null, `${this.name} ended:\n${this.said}`);
      return probe();
    };
    return eventually(`${this.name} is ready\n${this.said}`, watch, 15000);
  }

  async stop() {
    if (this.child.exitCode !== null) return this.child.exitCode;
    this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), 10000);
    const [code] = await this.ended;
    clearTimeout(killer);
    return code;
  }
}

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

/** `settings` replaces whole sections of the configuration; JSON is YAML, so no library writes it. */
export async function startGateway(settings = {}) {
  await mkdir(path.join(root, 'build'), {recursive: true});
  const folder = await mkdtemp(path.join(root, 'build/sdk-'));
  const file = path.join(folder, 'tollgate.yaml');
  const [port, metricsPort] = [await freePort(), await freePort()];

  const simulator = new Program('tollgate-simulator', ['--listen', '127.0.0.1:0'], folder);
  const provider = await simulator.ready(() => simulator.said.match(/listening on (http:\S+)\/v1/)?.[1]);
  await writeFile(file, JSON.stringify(configuration({port, metricsPort, provider, settings}), null, 2));
  const gateway = new Program('tollgate', ['serve', '--config', file], folder);
  const address = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const codes = [await gateway.stop(), await simulator.stop()];
    await rm(folder, {recursive: true, force: true});
    assert.deepEqual(codes, [0, 0], `ended badly:\n${gateway.said}\n${simulator.said}`);
  };
  try {
    await gateway.ready(() => fetch(`${address}/health`).then(response => response.ok, () => false));
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }

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
