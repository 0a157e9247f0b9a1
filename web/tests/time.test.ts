// How times read that are told from now.
import {expect, test} from 'vitest';
import {relative} from '../src/lib/time';

const now = new Date('2026-11-27T10:00:00Z');
const day = 86_400;

test('a time is told in the unit that fits, rounded', () => {
  for (const [seconds, words] of [
    [0, 'now'],
    [-9, 'now'],
    [-59, '59 seconds ago'],
    [-59.6, '1 minute ago'],
    [-3599, '1 hour ago'],
    [-5500, '2 hours ago'],
    [7 * day - 1, 'in 1 week'],
    [6 * day, 'in 6 days'],
    [31 * day, 'in 4 weeks'],
    [45 * day, 'in 1 month'],
    [365 * day - 20, 'in 1 year'],
    [90 * day, 'in 3 months'],
  ] as const)
    expect(relative(new Date(now.getTime() + seconds * 1000), now)).toBe(words);
});
