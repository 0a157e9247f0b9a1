// How the order of a table stands in an address.
import {expect, test} from 'vitest';
import {orderOf, textOf} from '../src/ui/table';

test('an order in an address is read as it was written', () => {
  for (const text of ['', 'name', '-spent', '-last_used_at']) expect(textOf(orderOf(text))).toBe(text);
});

test('a minus says that the highest comes first', () => {
  expect(orderOf('-spent')).toEqual({name: 'spent', down: true});
  expect(orderOf('name')).toEqual({name: 'name', down: false});
  expect(orderOf('')).toBeUndefined();
});
