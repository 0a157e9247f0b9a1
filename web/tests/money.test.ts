import {describe, expect, it} from 'vitest';
import {
  formatMoney,
  formatRound,
  groupDigits,
  micros,
  parseMoney,
  permille,
  roundTo,
  toDecimal,
} from '../src/lib/money';

describe('reading amounts', () => {
  it('reads decimals with at most six decimals', () => {
    const rows: [string, bigint][] = [
      ['0', 0n],
      ['12', 12_000_000n],
      ['12.345678', 12_345_678n],
      ['0.000001', 1n],
      ['-3.5', -3_500_000n],
      [' 7. ', 7_000_000n],
      ['9007199254740993.000001', 9_007_199_254_740_993_000_001n],
    ];
    for (const [text, value] of rows) expect(parseMoney(text), text).toBe(value);
  });
  it('takes nothing else for an amount', () => {
    for (const text of [
      '',
      'abc',
      '1e3',
      '1.2.3',
      '0.0000001',
      '1,000',
      '--1',
      '.',
      'NaN',
      'Infinity',
      '0x10',
    ]) {
      expect(parseMoney(text), text).toBeUndefined();
    }
  });
  it('reads what a server says without ever throwing', () => {
    expect(micros(null)).toBe(0n);
    expect(micros('rubbish')).toBe(0n);
    expect(micros('0.1234567899')).toBe(123_456n);
  });
  it('writes what it reads', () => {
    for (const text of ['0', '12.345678', '-3.5', '100', '0.000001'])
      expect(toDecimal(parseMoney(text)!)).toBe(text);
  });
});

describe('writing amounts', () => {
  it('groups digits as the currency has it', () => {
    expect(groupDigits('123456789', 'INR')).toBe('12,34,56,789');
    expect(groupDigits('123456789', 'USD')).toBe('123,456,789');
    expect(groupDigits('999')).toBe('999');
    expect(groupDigits('1000', 'INR')).toBe('1,000');
  });
  it('rounds half away from zero, once', () => {
    expect(roundTo(1_005_000n, 2)).toBe(1_010_000n);
    expect(roundTo(-1_005_000n, 2)).toBe(-1_010_000n);
    expect(roundTo(1_004_999n, 2)).toBe(1_000_000n);
  });
  it('shows small amounts with four decimals and never as nothing', () => {
    const rows: [string, string][] = [
      ['0', '₹0.00'],
      ['1', '₹1.00'],
      ['0.5', '₹0.5000'],
      ['0.0001', '₹0.0001'],
      ['0.000049', '<₹0.0001'],
      ['0.000001', '<₹0.0001'],
      ['0.00005', '₹0.0001'],
      ['123456.789', '₹1,23,456.79'],
      ['-12.5', '−₹12.50'],
      ['0.99999', '₹1.0000'],
    ];
    for (const [text, shown] of rows) expect(formatMoney(micros(text), 'INR'), text).toBe(shown);
  });
  it('writes currencies without a sign of their own by their code', () => {
    expect(formatMoney(1_500_000n, 'CHF')).toBe('CHF 1.50');
  });
  it('leaves decimals out of round amounts', () => {
    expect(formatRound(500_000_000n, 'INR')).toBe('₹500');
    expect(formatRound(99_500_000n, 'INR')).toBe('₹99.50');
  });
  it('stays exact where floating point does not', () => {
    expect(formatMoney(micros('9007199254740993.25'), 'USD')).toBe('$9,007,199,254,740,993.25');
  });
});

describe('shares', () => {
  it('are thousandths within bounds', () => {
    expect(permille(1n, 3n)).toBe(333);
    expect(permille(5n, 3n)).toBe(1000);
    expect(permille(-5n, 3n)).toBe(0);
    expect(permille(0n, 0n)).toBe(0);
    expect(permille(1n, 0n)).toBe(1000);
  });
});
