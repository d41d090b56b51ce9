import type { StrategyKind } from '@compound-search/contracts';
import { useId, useState } from 'preact/hooks';

import { service } from '../service.ts';
import { useOnce } from '../use-reading.ts';
import {
  type Draft,
  type FieldPath,
  formatAxis,
  formatValue,
  kindOf,
  parseAxis,
  parseNumber,
  valueAt,
  withValue,
} from './request-text.ts';

/** What each strategy does, in a few words. */
const strategies: Readonly<Record<StrategyKind, string>> = {
  racing: 'racing: seeds where they decide',
  full: 'full: every seed for all',
  halving: 'halving: drop the worst on the way',
};

interface FieldsProps {
  readonly request: Draft;
  readonly onChange: (request: Draft) => void;
}

/** What most searches differ in, as fields: what is typed stands in the request at once, and the other way about. */
export function Fields({ request, onChange }: FieldsProps) {
  const catalogue = useOnce('', async () => {
    const [baselines, datasets] = await Promise.all([service().baselines(), service().datasets()]);
    return { baselines: baselines.map(({ name }) => name), datasets: datasets.map(({ name }) => name) };
  });
  const set = (path: FieldPath, value: unknown): void => onChange(withValue(request, path, value));
  const text = (path: FieldPath): string => formatValue(valueAt(request, path));
  const word = (value: string): string | undefined => (value === '' ? undefined : value);
  const field = (label: string, path: FieldPath, rest: Partial<TextFieldProps> = {}) => (
    <TextField label={label} value={text(path)} parse={word} onValue={(value) => set(path, value)} {...rest} />
  );
  const axis = (label: string, name: string) =>
    field(label, ['grid', name], { value: formatAxis(valueAt(request, ['grid', name])), parse: parseAxis });
  return (
    <div class="fields">
      {field('Name', ['name'])}
      {field('Baseline', ['baseline'], { suggestions: catalogue.value?.baselines })}
      {field('Data set', ['dataset'], { suggestions: catalogue.value?.datasets })}
      {axis('α, depth', 'alpha')}
      {axis('β, width', 'beta')}
      {axis('γ, resolution', 'gamma')}
      {field('Cost target', ['constraint', 'target'], { placeholder: '2', parse: parseNumber, mayBeEmpty: true })}
      {field('Tolerance', ['constraint', 'tolerance'], { placeholder: '0.1', parse: parseNumber, mayBeEmpty: true })}
      {field('Epochs', ['recipe', 'epochs'], { parse: parseNumber, mayBeEmpty: true })}
      <label>
        Strategy
        <select
          value={kindOf(valueAt(request, ['strategy']))}
          onChange={(event) => set(['strategy'], word(event.currentTarget.value))}
        >
          <option value="">as it is by default</option>
          {Object.entries(strategies).map(([kind, description]) => (
            <option key={kind} value={kind}>
              {description}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly suggestions?: readonly string[] | undefined;
  /** Undefined where a text says nothing (yet). */
  readonly parse: (text: string) => unknown;
  /** Whether nothing is something to say: that the default holds. */
  readonly mayBeEmpty?: boolean;
  readonly onValue: (value: unknown) => void;
}

/** While it is being typed a text may say nothing, as `1, 1.` of an axis; the request keeps what it had until it does. */
function TextField({ label, value, placeholder, suggestions = [], parse, mayBeEmpty, onValue }: TextFieldProps) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const list = useId();
  const shown = typed ?? value;
  const isEmpty = mayBeEmpty === true && shown.trim() === '';
  const isFault = typed !== undefined && !isEmpty && parse(shown) === undefined;
  return (
    <label>
      {label}
      <input
        value={shown}
        placeholder={placeholder}
        list={suggestions.length === 0 ? undefined : list}
        aria-invalid={isFault}
        spellcheck={false}
        onInput={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          const parsed = parse(text);
          if (parsed !== undefined || (mayBeEmpty === true && text.trim() === '')) onValue(parsed);
        }}
        onBlur={() => setTyped(undefined)}
      />
      {suggestions.length > 0 && (
        <datalist id={list}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </label>
  );
}
