// Fields of forms: a label, a hint, what is wrong, and the wires between them for screen readers.
import type {ComponentChildren} from 'preact';
import {useId} from 'preact/hooks';
import type {Problem} from '../api/client';
import {Icon} from './icons';

interface Frame {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  optional?: boolean;
}

/** The words of a problem that the server blames on this field. */
export function errorOf(problem: Problem | undefined, field: string): string | undefined {
  return problem?.param === field ? problem.message : undefined;
}

function describedBy(id: string, {hint, error}: Frame): string | undefined {
  return [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
}

function Framed({id, frame, children}: {id: string; frame: Frame; children: ComponentChildren}) {
  return (
    <div class="field">
      <label for={id}>
        {frame.label}
        {frame.optional && <span class="optional"> (optional)</span>}
      </label>
      {children}
      {frame.hint && (
        <div class="hint" id={`${id}-hint`}>
          {frame.hint}
        </div>
      )}
      {frame.error && (
        <div class="field-error" id={`${id}-error`}>
          <Icon name="alert" size={15} />
          <span>{frame.error}</span>
        </div>
      )}
    </div>
  );
}

interface TextProps extends Frame {
  type?: 'text' | 'email' | 'password' | 'date';
  inputMode?: 'numeric' | 'decimal';
  autocomplete?: string;
  placeholder?: string;
  min?: string;
  max?: string;
  maxLength?: number;
  autofocus?: boolean;
  spellcheck?: boolean;
  disabled?: boolean;
  value: string;
  onValue: (value: string) => void;
  before?: string;
  after?: ComponentChildren;
}

export function TextField({label, hint, error, optional, value, onValue, before, after, ...rest}: TextProps) {
  const id = useId();
  const frame = {label, hint, error, optional: optional ?? false};
  const input = (
    <input
      class="input"
      id={id}
      type="text"
      value={value}
      onInput={event => onValue(event.currentTarget.value)}
      aria-invalid={error ? 'true' : undefined}
      aria-describedby={describedBy(id, frame)}
      {...(rest as object)}
    />
  );
  const classes = ['affix', before && 'has-before', after && 'has-after'].filter(Boolean).join(' ');
  return (
    <Framed id={id} frame={frame}>
      {before || after ? (
        <div class={classes}>
          {before && (
            <span class="affix-before" aria-hidden="true">
              {before}
            </span>
          )}
          {input}
          {after && <span class="affix-after">{after}</span>}
        </div>
      ) : (
        input
      )}
    </Framed>
  );
}

interface AreaProps extends Frame {
  value: string;
  onValue: (value: string) => void;
  rows?: number;
  placeholder?: string;
}

export function AreaField({label, hint, error, optional, value, onValue, rows = 2, placeholder}: AreaProps) {
  const id = useId();
  const frame = {label, hint, error, optional: optional ?? false};
  return (
    <Framed id={id} frame={frame}>
      <textarea
        class="input"
        id={id}
        rows={rows}
        value={value}
        placeholder={placeholder ?? ''}
        spellcheck={false}
        onInput={event => onValue(event.currentTarget.value)}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(id, frame)}
      />
    </Framed>
  );
}

interface SelectProps<T extends string> extends Frame {
  value: T;
  onValue: (value: T) => void;
  options: readonly (readonly [T, string])[];
  disabled?: boolean;
}

export function SelectField<T extends string>({label, hint, error, optional, ...rest}: SelectProps<T>) {
  const id = useId();
  const frame = {label, hint, error, optional: optional ?? false};
  return (
    <Framed id={id} frame={frame}>
      <Select id={id} aria-describedby={describedBy(id, frame)} {...rest} />
    </Framed>
  );
}

interface BareSelectProps<T extends string> {
  value: T;
  onValue: (value: T) => void;
  options: readonly (readonly [T, string])[];
  disabled?: boolean;
  id?: string;
  class?: string;
  'aria-label'?: string;
  'aria-describedby'?: string | undefined;
}

/** Without a visible label: give it an `aria-label`. */
export function Select<T extends string>({value, onValue, options, ...rest}: BareSelectProps<T>) {
  return (
    <select class="input" value={value} onChange={event => onValue(event.currentTarget.value as T)} {...rest}>
      {options.map(([name, words]) => (
        <option key={name} value={name}>
          {words}
        </option>
      ))}
    </select>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  onValue: (value: T) => void;
  options: readonly (readonly [T, string])[];
}

/** A choice among few, as radio buttons that look like one control. */
export function Segments<T extends string>({label, value, onValue, options}: SegmentsProps<T>) {
  const name = useId();
  return (
    <div class="segments" role="radiogroup" aria-label={label}>
      {options.map(([option, words]) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onValue(option)}
          />
          <span>{words}</span>
        </label>
      ))}
    </div>
  );
}

export function SearchBox({
  label,
  value,
  onValue,
}: {
  label: string;
  value: string;
  onValue: (value: string) => void;
}) {
  return (
    <div class="affix has-before search">
      <span class="affix-before">
        <Icon name="search" />
      </span>
      <input
        class="input"
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onInput={event => onValue(event.currentTarget.value)}
      />
    </div>
  );
}
