// Amounts are decimal strings on the wire and whole millionths here; floating point never touches what is shown.
// Charts alone turn them into numbers, to place pixels.

export type Micros = bigint;

const unit = 1_000_000n;

/** Reads "12.345678"; undefined if it is not a decimal number with at most six decimals. */
export function parseMoney(text: string): Micros | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d{0,6}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole = '0', fraction = ''] = match;
  const value = BigInt(whole) * unit + BigInt(fraction.padEnd(6, '0'));
  return sign === '-' ? -value : value;
}

/** For what a server says: longer fractions (prices of one token) are cut, and what is no number is zero. */
export function micros(text: string | null | undefined): Micros {
  if (!text) return 0n;
  return parseMoney(text.replace(/(\.\d{6})\d+$/, '$1')) ?? 0n;
}

/** The shortest decimal string that says the same. */
export function toDecimal(value: Micros): string {
  const magnitude = value < 0n ? -value : value;
  const fraction = (magnitude % unit).toString().padStart(6, '0').replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${magnitude / unit}${fraction && `.${fraction}`}`;
}

/** For the pixels of a chart, and nothing else. */
export function toPixelsValue(value: Micros): number {
  return Number(value) / 1e6;
}

/** `part` of `whole` in thousandths, 0 to 1000; a whole of zero is full as soon as anything is taken. */
export function permille(part: Micros, whole: Micros): number {
  if (part <= 0n) return 0;
  if (whole <= 0n || part >= whole) return 1000;
  return Number((part * 1000n) / whole);
}

const symbols: Record<string, string> = {
  INR: '₹',
  USD: '$',
  EUR: '€',
  GBP: '£',
  JPY: '¥',
  CNY: '¥',
  KRW: '₩',
  NGN: '₦',
  ILS: '₪',
  VND: '₫',
  PHP: '₱',
  UAH: '₴',
  TRY: '₺',
  RUB: '₽',
};

export function currencySign(currency: string): string {
  return symbols[currency] ?? `${currency} `;
}

/** Digits in groups: 12,34,567 for rupees, 1,234,567 for others. */
export function groupDigits(digits: string, currency = ''): string {
  const pattern = currency === 'INR' ? /\B(?=(?:\d{2})*\d{3}$)/g : /\B(?=(?:\d{3})+$)/g;
  return digits.replace(pattern, ',');
}

/** Rounded half away from zero to `decimals` places. */
export function roundTo(value: Micros, decimals: number): Micros {
  const step = 10n ** BigInt(6 - decimals);
  const magnitude = value < 0n ? -value : value;
  const rounded = ((magnitude + step / 2n) / step) * step;
  return value < 0n ? -rounded : rounded;
}

/** "₹1,23,456.79". Below one unit four decimals are shown, as calls cost that little; what is smaller still is "<₹0.0001". */
export function formatMoney(value: Micros, currency: string, decimals?: number): string {
  const magnitude = value < 0n ? -value : value;
  const sign = value < 0n ? '−' : '';
  if (decimals === undefined && magnitude > 0n && magnitude < 50n)
    return `${sign}<${currencySign(currency)}0.0001`;
  const places = decimals ?? (magnitude !== 0n && magnitude < unit ? 4 : 2);
  const rounded = roundTo(magnitude, places);
  const whole = groupDigits((rounded / unit).toString(), currency);
  const fraction = (rounded % unit).toString().padStart(6, '0').slice(0, places);
  return `${sign}${currencySign(currency)}${whole}${places ? `.${fraction}` : ''}`;
}

/** A budget or a limit as a person would write it: no decimals if there are none. */
export function formatRound(value: Micros, currency: string): string {
  return formatMoney(value, currency, value % unit === 0n ? 0 : 2);
}
