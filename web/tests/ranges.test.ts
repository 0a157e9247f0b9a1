import {describe, expect, it} from 'vitest';
import {bucketOf, daysOf, isDay, rangeOf} from '../src/lib/ranges';
import {addDays, dayOf, daysBetween, startOfDay, zoneOffset} from '../src/lib/time';

describe('days of a zone', () => {
  it('are those of the zone, not of the reader', () => {
    const instant = new Date('2026-11-26T19:00:00Z');
    expect(dayOf(instant, 'Asia/Kolkata')).toBe('2026-11-27');
    expect(dayOf(instant, 'UTC')).toBe('2026-11-26');
    expect(dayOf(instant, 'America/Los_Angeles')).toBe('2026-11-26');
  });
  it('begin where the zone has midnight', () => {
    expect(startOfDay('2026-11-27', 'Asia/Kolkata').toISOString()).toBe('2026-11-26T18:30:00.000Z');
    expect(startOfDay('2026-03-29', 'Europe/Berlin').toISOString()).toBe('2026-03-28T23:00:00.000Z');
    expect(startOfDay('2026-03-30', 'Europe/Berlin').toISOString()).toBe('2026-03-29T22:00:00.000Z');
    expect(startOfDay('2026-10-26', 'Europe/Berlin').toISOString()).toBe('2026-10-25T23:00:00.000Z');
  });
  it('know offsets of half hours', () => {
    expect(zoneOffset(new Date('2026-11-27T00:00:00Z'), 'Asia/Kolkata')).toBe(330);
    expect(zoneOffset(new Date('2026-11-27T00:00:00Z'), 'America/St_Johns')).toBe(-210);
  });
  it('are counted on the calendar', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  });
});

describe('ranges', () => {
  it('end today and hold as many days as they say', () => {
    expect(rangeOf('today', '2026-11-26')).toEqual({from: '2026-11-26', to: '2026-11-26'});
    expect(daysOf(rangeOf('7d', '2026-11-26'))).toHaveLength(7);
    expect(daysOf(rangeOf('30d', '2026-03-05'))).toHaveLength(30);
    expect(daysOf(rangeOf('90d', '2026-11-26'))).toHaveLength(90);
    expect(rangeOf('month', '2026-11-26')).toEqual({from: '2026-11-01', to: '2026-11-26'});
  });
  it('are drawn by hour when they are short', () => {
    expect(bucketOf({from: '2026-11-26', to: '2026-11-26'})).toBe('hour');
    expect(bucketOf({from: '2026-11-24', to: '2026-11-26'})).toBe('hour');
    expect(bucketOf({from: '2026-11-23', to: '2026-11-26'})).toBe('day');
  });
  it('take no text for a day that is none', () => {
    expect(isDay('2026-02-28')).toBe(true);
    for (const text of [null, '', '2026-02-30', '26-11-2026', '2026-13-01', '2026-1-1', '<b>'])
      expect(isDay(text), String(text)).toBe(false);
  });
});
