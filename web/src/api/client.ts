// Calls of the gateway's management API. Paths, parameters, bodies and answers are checked against its description by
// the compiler; what goes wrong is a Problem with the server's own words.
import type {paths} from './schema';

type Method = 'get' | 'post' | 'patch' | 'delete';
type With<M extends Method> = {[P in keyof paths]: paths[P][M] extends object ? P : never}[keyof paths];
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;

type Json<R> = R extends {content: {'application/json': infer T}} ? T : never;
type Answer<O> = O extends {responses: infer R}
  ? R extends {200: infer A}
    ? Json<A>
    : R extends {201: infer A}
      ? Json<A>
      : void
  : never;
type Body<O> = O extends {requestBody?: {content: {'application/json': infer T}}} ? T : undefined;
type Query<O> = O extends {parameters: {query?: infer Q}} ? NonNullable<Q> : never;
// A value may be left out by being undefined, so that callers need not build objects in pieces.
type Loose<T> = {[K in keyof T]?: T[K] | undefined};

interface Options<O> {
  query?: Loose<Query<O>>;
  path?: Record<string, string>;
  signal?: AbortSignal;
}

/** What the server refused, or that it could not be reached (status 0). */
export class Problem extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly reason: string,
    readonly param: string | null,
    readonly requestId: string | null,
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const id = response.headers.get('x-request-id');
  const wait = Number(response.headers.get('retry-after'));
  const after = Number.isFinite(wait) && wait > 0 ? wait : null;
  try {
    const {error} = (await response.json()) as {
      error: {message: string; reason: string; param: string | null};
    };
    return new Problem(error.message, response.status, error.reason, error.param, id, after);
  } catch {
    return new Problem(
      `The server answered ${response.status} without saying why.`,
      response.status,
      'unknown',
      null,
      id,
      after,
    );
  }
}

/** `/api/api-keys/{id}` and a query become an address. */
export function addressOf(path: string, parts: Record<string, string> = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${filled}?${text}` : filled;
}

let signedOut = () => {};
/** Called when an answer says that there is no session any more. */
export function onSignedOut(call: () => void): void {
  signedOut = call;
}

async function send(method: string, address: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
  const init: RequestInit = {method, credentials: 'same-origin', cache: 'no-store'};
  if (signal) init.signal = signal;
  if (method !== 'GET') {
    init.headers = {'content-type': 'application/json'};
    if (body !== undefined) init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(
      'The gateway cannot be reached. Is it running, and are you online?',
      0,
      'unreachable',
      null,
      null,
    );
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.reason === 'missing_session' || problem.reason === 'invalid_session') signedOut();
    throw problem;
  }
  if (response.status === 204) return undefined;
  return response.json();
}

export function get<P extends With<'get'>>(path: P, options: Options<Operation<P, 'get'>> = {}) {
  const address = addressOf(path, options.path, options.query);
  return send('GET', address, undefined, options.signal) as Promise<Answer<Operation<P, 'get'>>>;
}

export function post<P extends With<'post'>>(
  path: P,
  body: Body<Operation<P, 'post'>>,
  parts?: Record<string, string>,
) {
  return send('POST', addressOf(path, parts), body) as Promise<Answer<Operation<P, 'post'>>>;
}

export function patch<P extends With<'patch'>>(
  path: P,
  body: Body<Operation<P, 'patch'>>,
  parts?: Record<string, string>,
) {
  return send('PATCH', addressOf(path, parts), body) as Promise<Answer<Operation<P, 'patch'>>>;
}

export function remove<P extends With<'delete'>>(path: P, parts?: Record<string, string>) {
  return send('DELETE', addressOf(path, parts), undefined) as Promise<Answer<Operation<P, 'delete'>>>;
}
