// Credit by hand, for administrators: what was paid outside is entered here.
import {useState} from 'preact/hooks';
import {post, Problem} from '../api/client';
import {useAction} from '../api/use_load';
import {currencySign, formatMoney, parseMoney} from '../lib/money';
import {useSite} from '../lib/site';
import {addDays} from '../lib/time';
import {Button} from '../ui/button';
import {Dialog, FormProblem} from '../ui/dialog';
import {errorOf, SelectField, TextField} from '../ui/field';
import {toast} from '../ui/toast';

interface TopUpProps {
  /** Whose wallet; absent: it is asked for. */
  account?: {id: string; email: string};
  onClose: () => void;
  onDone: () => void;
}

const ends = [
  ['365', 'in a year'],
  ['90', 'in 90 days'],
  ['never', 'never'],
  ['date', 'on a day…'],
] as const;

export function TopUpDialog({account, onClose, onDone}: TopUpProps) {
  const {currency, today, ledgerZone} = useSite();
  const [email, setEmail] = useState(account?.email ?? '');
  const [amount, setAmount] = useState('');
  const [end, setEnd] = useState<(typeof ends)[number][0]>('365');
  const [day, setDay] = useState(addDays(today, 365));
  const [note, setNote] = useState('');
  const [reference, setReference] = useState('');
  const {busy, problem, run} = useAction();
  const value = parseMoney(amount);
  const submit = async () => {
    const done = await run(async () => {
      if (!value || value <= 0n)
        throw new Problem(
          'An amount above zero, such as 1000 or 99.50.',
          400,
          'invalid_field',
          'amount',
          null,
        );
      await post('/api/admin/credits', {
        ...(account ? {account_id: account.id} : {email: email.trim()}),
        amount: amount.trim(),
        expires_at: end === 'never' ? null : end === 'date' ? day : addDays(today, Number(end)),
        note: note.trim(),
        ...(reference.trim() ? {id: reference.trim()} : {}),
      });
    });
    if (!done) return;
    toast.say(`Added ${formatMoney(value ?? 0n, currency)}.`);
    onDone();
    onClose();
  };
  return (
    <Dialog
      title="Top up a wallet"
      lead="Credit is consumed oldest first, down to the last lot that has not expired."
      onClose={onClose}
      onSubmit={() => void submit()}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {value && value > 0n ? `Add ${formatMoney(value, currency)}` : 'Add credit'}
          </Button>
        </>
      }>
      <TextField
        label="Account"
        type="email"
        value={email}
        onValue={setEmail}
        disabled={!!account}
        autocomplete="off"
        placeholder="E-mail address"
        error={errorOf(problem, 'email') ?? errorOf(problem, 'account_id')}
      />
      <div class="columns">
        <TextField
          label="Amount"
          inputMode="decimal"
          autofocus
          autocomplete="off"
          before={currencySign(currency).trim()}
          value={amount}
          onValue={text => setAmount(text.replace(/[,\s]/g, ''))}
          error={errorOf(problem, 'amount')}
        />
        <SelectField
          label="Expires"
          value={end}
          onValue={setEnd}
          options={ends}
          error={end === 'date' ? undefined : errorOf(problem, 'expires_at')}
        />
      </div>
      {end === 'date' && (
        <TextField
          label="Last day"
          type="date"
          min={today}
          value={day}
          onValue={setDay}
          hint={`Its end, in ${ledgerZone}.`}
          error={errorOf(problem, 'expires_at')}
        />
      )}
      <TextField
        label="Note"
        optional
        value={note}
        onValue={setNote}
        autocomplete="off"
        placeholder="Bank transfer of 3 November"
        error={errorOf(problem, 'note')}
      />
      <TextField
        label="Reference of the payment"
        optional
        value={reference}
        onValue={setReference}
        autocomplete="off"
        spellcheck={false}
        hint="The same reference is taken only once, so that no payment counts twice."
        error={errorOf(problem, 'id')}
      />
      <FormProblem problem={problem} fields={['email', 'account_id', 'amount', 'expires_at', 'note', 'id']} />
    </Dialog>
  );
}
