import {describe, expect, it} from 'vitest';
import {describeLimits, expiryInstant, type Limits} from '../src/lib/limits';

const now = new Date('2026-11-26T12:00:00Z');
const said = (limits: Limits) =>
  describeLimits(limits, 'INR', 'Asia/Kolkata', now)
    .map(sentence => sentence.text)
    .join(' ');

describe('the preview of limits', () => {
  it('says what a key with the defaults may do', () => {
    expect(said({rate_limit: 60})).toBe(
      'At most 60 requests in any 60 seconds, 1 call a second on average. More are answered with 429. ' +
        'No budget: spends whatever the account has. Never expires. Revoke it when it is no longer needed. For every model.',
    );
  });
  it('tells budgets in all from those that start anew', () => {
    expect(said({rate_limit: 7, budget: '500', budget_period: 'none'})).toContain(
      'Spends at most ₹500 in all.',
    );
    expect(said({rate_limit: 7, budget: '150000.50', budget_period: 'monthly'})).toContain(
      'Spends at most ₹1,50,000.50 each month. It starts anew on the 1st at midnight, Asia/Kolkata time.',
    );
    expect(said({rate_limit: 7, budget: '0', budget_period: 'daily'})).toContain('A budget of nothing');
  });
  it('leaves out what cannot be read yet', () => {
    expect(said({rate_limit: null, budget: '12.', budget_period: 'none'})).toContain(
      'Spends at most ₹12 in all.',
    );
    expect(said({rate_limit: null, budget: 'abc', budget_period: 'none'})).toContain('No budget');
  });
  it('puts the end of a day where the ledger has it', () => {
    expect(expiryInstant('2026-12-31', 'Asia/Kolkata')?.toISOString()).toBe('2026-12-31T18:29:59.000Z');
    expect(expiryInstant('rubbish', 'UTC')).toBeUndefined();
    expect(said({rate_limit: 1, expires_at: '2026-12-31'})).toContain(
      'Works until the end of 31 Dec 2026, 35 days from now.',
    );
    expect(said({rate_limit: 1, expires_at: '2026-11-25'})).toContain('in the past');
  });
  it('names models and addresses, and counts the many', () => {
    expect(said({rate_limit: 1, models: ['a', 'b', 'c', 'd', 'e'], ip_allow: ['10.0.0.0/8']})).toContain(
      'Only for a, b, c and 2 more. Only from 10.0.0.0/8.',
    );
  });
});
