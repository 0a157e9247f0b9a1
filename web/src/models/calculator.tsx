// What a call would cost, from the same prices that are charged, in exact arithmetic.
import {useState} from 'preact/hooks';
import type {Model} from '../api/types';
import {formatMoney, type Micros} from '../lib/money';
import {useSite} from '../lib/site';
import {Button} from '../ui/button';
import {Dialog} from '../ui/dialog';
import {SelectField, TextField} from '../ui/field';
import {Callout} from '../ui/states';
import {chargeFor, pointFor} from './charge';

function whole(text: string): bigint {
  const digits = text.replace(/[,_ ]/g, '');
  return /^\d{1,15}$/.test(digits) ? BigInt(digits) : 0n;
}

export function Calculator({
  models,
  initial,
  onClose,
}: {
  models: Model[];
  initial?: Model;
  onClose: () => void;
}) {
  const {currency} = useSite();
  const priced = models.filter(model =>
    model.prices.some(point => point.kind === 'input' || point.kind === 'output'),
  );
  const [id, setId] = useState(
    initial?.id ?? priced.find(model => model.id.endsWith('gpt-4o-mini'))?.id ?? priced[0]?.id ?? '',
  );
  const [input, setInput] = useState('1000');
  const [cached, setCached] = useState('0');
  const [output, setOutput] = useState('500');
  const [calls, setCalls] = useState('1000');
  const model = priced.find(one => one.id === id);
  const prices = model?.prices ?? [];
  const [fresh, kept, made, times] = [whole(input), whole(cached), whole(output), whole(calls)];
  const prompt = fresh + kept;
  const cachedPoint = pointFor(prices, 'cached_input', prompt) ?? pointFor(prices, 'input', prompt);
  const lines: [string, Micros][] = [
    ['Input', chargeFor(pointFor(prices, 'input', prompt), fresh, times)],
    ['Cached input', chargeFor(cachedPoint, kept, times)],
    ['Output', chargeFor(pointFor(prices, 'output', prompt), made, times)],
    ['Requests', chargeFor(pointFor(prices, 'request', prompt), 1n, times)],
  ];
  const total = lines.reduce((sum, [, value]) => sum + value, 0n);
  const each = times > 0n ? (2n * total + times) / (2n * times) : 0n;
  return (
    <Dialog
      title="Calculator"
      lead="What calls would be charged, everything included."
      onClose={onClose}
      onSubmit={onClose}
      foot={<Button type="submit">Close</Button>}>
      <SelectField
        label="Model"
        value={id}
        onValue={setId}
        options={priced.map(one => [one.id, one.id] as const)}
      />
      <div class="columns">
        <TextField label="Input tokens a call" inputMode="numeric" value={input} onValue={setInput} />
        <TextField label="… and cached ones" inputMode="numeric" value={cached} onValue={setCached} />
        <TextField label="Output tokens a call" inputMode="numeric" value={output} onValue={setOutput} />
        <TextField label="Calls" inputMode="numeric" value={calls} onValue={setCalls} />
      </div>
      <div class="preview sum" aria-live="polite">
        <dl class="facts">
          {lines
            .filter(([, value]) => value > 0n)
            .map(([name, value]) => [
              <dt key={name}>{name}</dt>,
              <dd key={`${name}=`} class="num right">
                {formatMoney(value, currency)}
              </dd>,
            ])}
          <dt>
            <strong>Together</strong>
          </dt>
          <dd class="num right">
            <strong data-total>{formatMoney(total, currency)}</strong>
          </dd>
          <dt>Each call</dt>
          <dd class="num right">{formatMoney(each, currency, 6)}</dd>
        </dl>
      </div>
      {model && prices.length === 0 && (
        <Callout tone="warn">
          <span>This model has no price.</span>
        </Callout>
      )}
    </Dialog>
  );
}
