import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import OpenAI from 'openai';
import {model, newTag, say, startGateway} from './support/gateway.mjs';

let gateway, openai;
before(async () => {
  gateway = await startGateway();
  openai = gateway.client();
});
after(() => gateway.stop());

const open = (script, options = {}) =>
  openai.chat.completions.create({model, stream: true, messages: say('tell me', script), ...options});

test('tokens arrive one by one, as the provider makes them', async () => {
  const times = [];
  for await (const chunk of await open({tokens: 20, tps: 20})) {
    assert.equal(chunk.object, 'chat.completion.chunk');
    if (chunk.choices[0].delta.content) times.push(performance.now());
  }
  assert.equal(times.length, 20);
  assert.ok(times.at(-1) - times[0] > 700, `twenty tokens in ${times.at(-1) - times[0]} ms`);
  const apart = times.filter((time, i) => i > 0 && time - times[i - 1] > 20).length;
  assert.ok(apart >= 15, `only ${apart} of 19 pauses were kept`);
});

test('usage comes last, and only to those who asked', async () => {
  const usage = [];
  for await (const chunk of await open({tokens: 3})) {
    assert.equal(chunk.choices.length, 1);
    usage.push(chunk.usage);
  }
  assert.ok(usage.every(value => value == null));

  const chunks = await Array.fromAsync(await open({tokens: 3}, {stream_options: {include_usage: true}}));
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(chunks.at(-1).usage.completion_tokens, 3);
  assert.ok(Number(chunks.at(-1).usage.cost) > 0);
  assert.ok(chunks.slice(0, -1).every(chunk => chunk.choices.length === 1));
});

test('characters of several bytes survive any split', async () => {
  for (const split of [1, 3, 7]) {
    const whole = await openai.chat.completions.create({model, messages: say('tell me', {tokens: 12, seed: 4})});
    let text = '';
    for await (const chunk of await open({tokens: 12, seed: 4, split})) text += chunk.choices[0].delta.content ?? '';
    assert.equal(text, whole.choices[0].message.content);
    assert.ok(!text.includes('\ufffd'));
  }
});

test('the provider learns within a second that the client left in mid-stream', async () => {
  const tag = newTag();
  const stream = await open({tokens: 1000, tps: 20, tag});
  let seen = 0;
  for await (const _ of stream) if (++seen === 5) break; // leaving the loop aborts the request
  const [request] = await gateway.seenByProvider(tag, ([one]) => one && !one.open, 1000);
  assert.ok(request.client_left);
  assert.ok(!request.completed);
});

test('the provider learns within a second that the client left before the first token', async () => {
  const tag = newTag();
  const controller = new AbortController();
  const asked = openai.chat.completions.create({model, messages: say('hello', {ttft: 30000, tag})}, {signal: controller.signal});
  await gateway.seenByProvider(tag, requests => requests.length === 1);
  controller.abort();
  await assert.rejects(asked, OpenAI.APIUserAbortError);
  const requests = await gateway.seenByProvider(tag, ([one]) => !one.open, 1000);
  assert.equal(requests.length, 1); // and nothing is tried again
  assert.ok(requests[0].client_left);
});

test('a stream that the provider breaks off ends with an error, not as if it were complete', async () => {
  let chunks = 0;
  await assert.rejects(
    (async () => {
      for await (const _ of await open({tokens: 50, fault: 'cut:5'})) chunks += 1;
    })(),
    OpenAI.APIError,
  );
  assert.ok(chunks > 0);
});

test('an error before the first event has its own status', async () => {
  await assert.rejects(open({status: 500}), {status: 502});
});

test('the next call works on the connection that an aborted one left behind', async () => {
  for (let round = 0; round < 5; ++round) {
    for await (const _ of await open({tokens: 100, tps: 200})) break;
    const answer = await openai.chat.completions.create({model, messages: say('hello', {tokens: 2})});
    assert.equal(answer.usage.completion_tokens, 2);
  }
});
