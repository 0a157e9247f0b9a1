import {describe, expect, it} from 'vitest';
import {chargeFor, pointFor} from '../src/models/charge';

const prices = [
  {kind: 'input' as const, above: 0, units: 1_000_000, usd: '0.15', charged: '14.553'},
  {kind: 'input' as const, above: 200_000, units: 1_000_000, usd: '0.3', charged: '29.106'},
  {kind: 'output' as const, above: 0, units: 1_000_000, usd: '0.6', charged: '58.212'},
];

describe('the calculator', () => {
  it('takes the tier that the prompt is above', () => {
    expect(pointFor(prices, 'input', 200_000n)?.charged).toBe('14.553');
    expect(pointFor(prices, 'input', 200_001n)?.charged).toBe('29.106');
    expect(pointFor(prices, 'image', 1n)).toBeUndefined();
  });
  it('multiplies exactly and rounds once', () => {
    expect(chargeFor(prices[0], 1000n, 1000n)).toBe(14_553_000n);
    expect(chargeFor(prices[0], 1n, 1n)).toBe(15n);
    expect(chargeFor(undefined, 1n, 1n)).toBe(0n);
  });
});
