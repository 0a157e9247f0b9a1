import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {model, newTag, say, startGateway} from './support/gateway.mjs';

let gateway, openai;
before(async () => {
  gateway = await startGateway();
  openai = gateway.client();
});
after(() => gateway.stop());

const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'The weather of a city',
    parameters: {type: 'object', properties: {city: {type: 'string'}}, required: ['city']},
  },
};

test('a plain answer comes whole, with what it used and cost', async () => {
  const {data, response} = await openai.chat.completions.create({model, messages: say('hello', {tokens: 5})}).withResponse();
  assert.equal(data.object, 'chat.completion');
  assert.ok(data.choices[0].message.content.length > 0);
  assert.equal(data.choices[0].finish_reason, 'stop');
  assert.equal(data.usage.completion_tokens, 5);
  assert.ok(Number(data.usage.cost) > 0);
  assert.equal(data.usage.currency, 'INR');
  assert.equal(data._request_id, response.headers.get('x-request-id'));
  assert.equal(response.headers.get('x-ratelimit-limit-requests'), '10000');
});

test('the prefix of a model chooses the provider and does not reach it', async () => {
  const answer = await openai.chat.completions.create({model: `openai/${model}`, messages: say('hello')});
  assert.equal(answer.model, model);
});

test('settings that the gateway does not know reach the provider', async () => {
  const tag = newTag();
  await openai.chat.completions.create({model, messages: say('hello', {tag}), seed: 9007199254740991, made_up: {a: [1]}});
  const [request] = await gateway.seenByProvider(tag, requests => requests.length === 1);
  const body = JSON.parse(request.body);
  assert.equal(body.seed, 9007199254740991);
  assert.deepEqual(body.made_up, {a: [1]});
});

test('the key of the client stays with the gateway', async () => {
  const tag = newTag();
  await openai.chat.completions.create({model, messages: say('hello', {tag})});
  const [request] = await gateway.seenByProvider(tag, requests => requests.length === 1);
  assert.ok(!JSON.stringify(request).includes(gateway.key));
  const credentials = request.headers.filter(([name]) => /authorization|api-key|cookie/i.test(name));
  assert.deepEqual(credentials.map(([, value]) => value), ['Bearer sk-of-the-operator']);
});

test('tools are called', async () => {
  const answer = await openai.chat.completions.create({model, messages: say('weather?'), tools: [weather]});
  assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  const [call] = answer.choices[0].message.tool_calls;
  assert.equal(call.function.name, 'weather');
  assert.equal(typeof JSON.parse(call.function.arguments).city, 'string');
});

test('tools are called in a stream, argument by argument', async () => {
  const stream = openai.chat.completions.stream({model, messages: say('weather?'), tools: [weather]});
  const completion = await stream.finalChatCompletion();
  const [call] = completion.choices[0].message.tool_calls;
  assert.equal(call.function.name, 'weather');
  assert.equal(typeof JSON.parse(call.function.arguments).city, 'string');
});

test('the SDK runs a tool and gets an answer made with it', async () => {
  const asked = [];
  const runner = openai.chat.completions.runTools({
    model,
    messages: say('weather?'),
    tools: [
      {
        type: 'function',
        function: {...weather.function, parse: JSON.parse, function: ({city}) => asked.push(city) && 'rain'},
      },
    ],
  });
  const content = await runner.finalContent();
  assert.equal(asked.length, 1);
  assert.ok(content.length > 0);
});

test('embeddings come as base64 on the wire and as numbers from the SDK', async () => {
  const request = {model: 'text-embedding-3-small', input: ['one', 'two']};
  const compact = await openai.embeddings.create(request);
  const plain = await openai.embeddings.create({...request, encoding_format: 'float'});
  assert.equal(compact.data.length, 2);
  assert.ok(compact.data[0].embedding.length > 100);
  assert.equal(compact.data[0].embedding.length, plain.data[0].embedding.length);
  compact.data[1].embedding.forEach((value, i) => assert.ok(Math.abs(value - plain.data[1].embedding[i]) < 1e-6));
  assert.notDeepEqual(compact.data[0].embedding, compact.data[1].embedding);
});

test('the models of the key are listed and found one by one', async () => {
  const models = await Array.fromAsync(openai.models.list());
  assert.ok(models.length > 0);
  for (const {id, object, created} of models) {
    assert.equal(typeof id, 'string');
    assert.equal(object, 'model');
    assert.ok(Number.isInteger(created));
  }
  const found = await openai.models.retrieve(`openai/${model}`); // on the wire: /v1/models/openai%2Fgpt-4o-mini
  assert.ok([model, `openai/${model}`].includes(found.id));
});

test('sixteen calls at once are answered apart', async () => {
  const counts = Array.from({length: 16}, (_, i) => i + 1);
  const answers = await Promise.all(
    counts.map(tokens => openai.chat.completions.create({model, messages: say('hello', {tokens})})),
  );
  assert.deepEqual(answers.map(answer => answer.usage.completion_tokens), counts);
});
