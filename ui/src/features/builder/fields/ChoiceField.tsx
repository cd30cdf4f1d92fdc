/** One of a few choices. Where they are sentences, all of them are seen at once. */
import type { FieldProps } from "./types";

const FEW = 3;
const SENTENCE = 24;

export function ChoiceField(props: FieldProps) {
  const { field, value } = props;
  const current = String(value ?? field.default ?? "");
  const isKnown = field.choices.some((choice) => choice.value === current);
  const areSentences = field.choices.some((choice) => choice.label.length > SENTENCE);
  const asList = isKnown && areSentences && field.choices.length <= FEW;
  return asList ? <Sentences {...props} current={current} /> : <Select {...props} current={current} />;
}

type Props = FieldProps & { current: string };

function Sentences({ field, current, onChange, inputId }: Props) {
  return (
    <fieldset className="choices" id={inputId} aria-label={field.label} data-testid={inputId}>
      {field.choices.map((choice) => (
        <label key={choice.value} className="choice">
          <input
            type="radio"
            name={inputId}
            data-testid={`choice-${field.id}-${choice.value}`}
            checked={choice.value === current}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Select({ field, current, onChange, inputId, invalid }: Props) {
  const known = field.choices.some((choice) => choice.value === current);
  return (
    <select
      id={inputId}
      className="input"
      data-testid={inputId}
      aria-invalid={invalid}
      value={current}
      onChange={(event) => onChange(event.target.value)}
    >
      {!known && <option value={current}>{current}</option>}
      {field.choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
