import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import OpenAI from 'openai';
import {eventually, model, newTag, say, startGateway} from './support/gateway.mjs';

let gateway, openai;
before(async () => {
  gateway = await startGateway();
  openai = gateway.client();
});
after(() => gateway.stop());

const ask = (script = {}, client = openai) => client.chat.completions.create({model, messages: say('hello', script)});

/** The error that the SDK throws for a call. */
async function errorOf(call) {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof OpenAI.APIError, `not an error of the API: ${error.stack}`);
    return error;
  }
  assert.fail('the call succeeded');
}

test('a key that nobody issued is 401', async () => {
  const error = await errorOf(ask({}, gateway.client({apiKey: `sk-${'0'.repeat(64)}`})));
  assert.ok(error instanceof OpenAI.AuthenticationError);
  assert.equal(error.type, 'authentication_error');
  assert.equal(error.error.reason, 'invalid_key');
  assert.equal(error.code, 401);
});

test('a revoked key is 401 within a second', async () => {
  const {key, id} = await gateway.createKey();
  const client = gateway.client({apiKey: key});
  await ask({}, client);
  await gateway.revokeKey(id);
  const refused = () => ask({}, client).then(() => null, error => error);
  const error = await eventually('the key is refused', refused, 1000);
  assert.equal(error.status, 401);
  assert.equal(error.error.reason, 'revoked_key');
});

test('a model that nobody serves is 404', async () => {
  const error = await errorOf(openai.chat.completions.create({model: 'nobody-knows-it', messages: say('hello')}));
  assert.ok(error instanceof OpenAI.NotFoundError);
  assert.equal(error.error.reason, 'unknown_model');
});

test('a path that is not served is 404 and not proxied', async () => {
  const error = await errorOf(openai.post('/made-up', {body: {}}));
  assert.equal(error.status, 404);
  assert.equal(error.error.reason, 'unknown_path');
});

test('a call without a model is 400 and names the field', async () => {
  const error = await errorOf(openai.chat.completions.create({messages: say('hello')}));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.type, 'invalid_request_error');
  assert.equal(error.error.reason, 'missing_field');
  assert.equal(error.param, 'model');
});

test('a body that is not JSON is 400', async () => {
  const response = await fetch(`${gateway.address}/v1/chat/completions`, {
    method: 'POST',
    headers: {authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json'},
    body: '{"model":',
  });
  assert.equal(response.status, 400);
  assert.equal((await response.json()).error.reason, 'malformed_json');
});

test("a provider's refusal of the request passes as it is", async () => {
  const error = await errorOf(ask({status: 400, code: 'context_length_exceeded'}));
  assert.equal(error.status, 400);
  assert.equal(error.code, 'context_length_exceeded');
});

test("a provider's breakdown is 502, without its words", async () => {
  for (const script of [{status: 500}, {status: 503}, {fault: 'html'}, {fault: 'empty'}, {fault: 'badjson'}]) {
    const error = await errorOf(ask(script));
    assert.equal(error.status, 502, JSON.stringify(script));
    assert.equal(error.type, 'upstream_error');
  }
});

test("a provider's refusal of the operator's key is 502 and does not quote it", async () => {
  const error = await errorOf(ask({status: 401}));
  assert.equal(error.status, 502);
  assert.ok(!JSON.stringify(error.error).includes('sk-of'));
});

test('above the limit of a key is 429 with the seconds to wait', async () => {
  const client = gateway.client({apiKey: (await gateway.createKey('--rate-limit', '2')).key});
  await ask({}, client);
  await ask({}, client);
  const error = await errorOf(ask({}, client));
  assert.ok(error instanceof OpenAI.RateLimitError);
  assert.equal(error.type, 'rate_limit_error');
  assert.equal(error.error.reason, 'requests_per_minute');
  const wait = Number(error.headers.get('retry-after'));
  assert.ok(Number.isInteger(wait) && wait >= 1 && wait <= 60, `Retry-After: ${wait}`);
  assert.equal(error.headers.get('x-ratelimit-limit'), '2');
  assert.equal(error.headers.get('x-ratelimit-remaining'), '0');
});

test('a spent budget is 402, which the SDK does not try again', async () => {
  const client = gateway.client({apiKey: (await gateway.createKey('--budget', '0.000001')).key, maxRetries: 3});
  const start = performance.now();
  const error = await errorOf(ask({}, client));
  assert.equal(error.status, 402);
  assert.equal(error.type, 'insufficient_funds');
  assert.equal(error.error.reason, 'budget_exceeded');
  assert.ok(performance.now() - start < 450, 'the SDK waited to try again');
});

test("the SDK waits as long as the provider's 429 says, and is served then", async () => {
  const tag = newTag();
  const start = performance.now();
  await ask({status_once: '429:1', retry_after_ms: 700, tag}, gateway.client({maxRetries: 2}));
  const took = performance.now() - start;
  assert.ok(took >= 690 && took < 3000, `took ${took} ms`);
  await gateway.seenByProvider(tag, requests => requests.length === 2);
});

test('the SDK tries a breakdown again, and is served then', async () => {
  const tag = newTag();
  await ask({status_once: '500:1', tag}, gateway.client({maxRetries: 2}));
  await gateway.seenByProvider(tag, requests => requests.length === 2);
});

test('every error carries the id of its request', async () => {
  const error = await errorOf(ask({status: 500}));
  assert.ok(error.requestID.length > 0);
  assert.equal(error.requestID, error.headers.get('x-request-id'));
});
