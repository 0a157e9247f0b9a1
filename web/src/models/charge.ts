// What is charged for tokens at a price, in exact arithmetic.
import type {Model} from '../api/types';
import {micros, type Micros} from '../lib/money';

type Point = Model['prices'][number];

/** The price of a kind for a prompt of this length: that of the highest tier which the prompt is above. */
export function pointFor(prices: readonly Point[], kind: Point['kind'], prompt: bigint): Point | undefined {
  return prices
    .filter(point => point.kind === kind && (point.above === 0 || prompt > BigInt(point.above)))
    .sort((a, b) => b.above - a.above)[0];
}

/** `tokens` at a price for `units`, of which one call is billed to the millionth; rounded half up, once. */
export function chargeFor(point: Point | undefined, tokens: bigint, calls: bigint): Micros {
  if (!point) return 0n;
  const all = micros(point.charged) * tokens * calls;
  const units = BigInt(point.units);
  return (2n * all + units) / (2n * units);
}
