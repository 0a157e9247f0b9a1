// The programs as users start them: the built binaries, a configuration file, ports that were free, a folder that goes
// away. For tests in JavaScript; needs nothing but Node.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const binaries = process.env.TOLLGATE_BINARIES ?? path.join(root, 'build/release/bin');

export async function freePort() {
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
export class Program {
  constructor(name, parameters, folder) {
    this.name = name;
    this.said = '';
    this.child = spawn(path.join(binaries, name), parameters, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', text => (this.said += text));
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
    return eventually(`${this.name} is ready\n${this.said}`, watch, 60000);
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

/**
 * A gateway and a simulated provider. `configure({port, metricsPort, provider})` gives the configuration; JSON is YAML, so
 * no library writes it.
 */
export async function startPrograms(name, configure) {
  await mkdir(path.join(root, 'build'), {recursive: true});
  const folder = await mkdtemp(path.join(root, `build/${name}-`));
  const file = path.join(folder, 'tollgate.yaml');
  const [port, metricsPort] = [await freePort(), await freePort()];
  const simulator = new Program('tollgate-simulator', ['--listen', '127.0.0.1:0'], folder);
  const provider = await simulator.ready(() => simulator.said.match(/listening on (http:\S+)\/v1/)?.[1]);
  await writeFile(file, JSON.stringify(configure({port, metricsPort, provider}), null, 2));
  const gateway = new Program('tollgate', ['serve', '--config', file], folder);
  const address = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const codes = [await gateway.stop(), await simulator.stop()];
    await rm(folder, {recursive: true, force: true});
    assert.deepEqual(codes, [0, 0], `ended badly:\n${gateway.said}\n${simulator.said}`);
  };
  try {
    await gateway.ready(() =>
      fetch(`${address}/health`).then(
        response => response.ok,
        () => false,
      ),
    );
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
  return {address, provider, folder, file, stop};
}
