import {describe, expect, it} from 'vitest';
import {Problem} from '../src/api/client';
import {bodyOf, newDraft, type KeyDraft} from '../src/keys/key_draft';
import {snippet} from '../src/keys/key_snippets';

const today = '2026-11-26';
const draft = (change: Partial<KeyDraft>): KeyDraft => ({
  ...newDraft(60, today),
  name: 'Production',
  ...change,
});
const blamed = (change: Partial<KeyDraft>) => {
  try {
    bodyOf(draft(change), today, 10_000);
  } catch (error) {
    if (error instanceof Problem) return error.param;
    throw error;
  }
  return null;
};

describe('a key that was filled in', () => {
  it('becomes the body of a request', () => {
    expect(
      bodyOf(
        draft({
          rate: '1,000',
          budget: '99.50',
          period: 'monthly',
          expiry: '30',
          models: 'gpt-4o*, claude-*\n',
          metadata: 'team=a=b\n',
        }),
        today,
        10_000,
      ),
    ).toEqual({
      name: 'Production',
      rate_limit: 1000,
      token_limit: null,
      concurrency: null,
      budget: '99.50',
      budget_period: 'monthly',
      expires_at: '2026-12-26',
      models: ['gpt-4o*', 'claude-*'],
      ip_allow: [],
      metadata: {team: 'a=b'},
      on_disconnect: 'cancel',
    });
  });
  it('keeps amounts as they were typed', () => {
    expect(bodyOf(draft({budget: '0.000001'}), today, 10_000).budget).toBe('0.000001');
  });
  it('has no period without a budget, and leaves an expiry alone that was not touched', () => {
    const body = bodyOf(draft({period: 'daily', expiry: 'keep'}), today, 10_000);
    expect(body.budget_period).toBe('none');
    expect('expires_at' in body).toBe(false);
  });
  it('names the field that is not right', () => {
    const rows: [Partial<KeyDraft>, string][] = [
      [{name: ' '}, 'name'],
      [{rate: '0'}, 'rate_limit'],
      [{rate: '10001'}, 'rate_limit'],
      [{rate: 'ten'}, 'rate_limit'],
      [{rate: '1.5'}, 'rate_limit'],
      [{budget: '-1'}, 'budget'],
      [{budget: '1e3'}, 'budget'],
      [{expiry: 'date', expiryDay: ''}, 'expires_at'],
      [{expiry: 'date', expiryDay: '2026-11-25'}, 'expires_at'],
      [{tokens: '0'}, 'token_limit'],
      [{concurrency: 'x'}, 'concurrency'],
      [{metadata: 'no sign'}, 'metadata'],
    ];
    for (const [change, field] of rows) expect(blamed(change), JSON.stringify(change)).toBe(field);
  });
});

describe('snippets', () => {
  it('hold the address and the key for every program', () => {
    const input = {origin: 'https://gate.example', basePath: '/v1', secret: 'sk-abc', model: 'gpt-4o-mini'};
    expect(snippet('curl', input)).toContain('https://gate.example/v1/chat/completions');
    expect(snippet('python', input)).toContain('base_url="https://gate.example/v1", api_key="sk-abc"');
    expect(snippet('javascript', input)).toContain("baseURL: 'https://gate.example/v1'");
    expect(snippet('claude', input)).toContain('ANTHROPIC_BASE_URL="https://gate.example"\n');
  });
});
