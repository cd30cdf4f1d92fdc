/** One thing to fill in: its label, its component by kind, help, and what is wrong with it. */
import type { Field, Problem } from "../../backend";
import { RequiredMark } from "../../components/AskInputs";
import type { ValueGroup } from "../../workflow/values";
import { FIELD_COMPONENTS } from "./fields";

export function FieldRow({
  field,
  value,
  onChange,
  groups,
  problems,
  highlighted = false,
  at,
}: {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  groups: ValueGroup[];
  problems: Problem[];
  highlighted?: boolean;
  at?: string;
}) {
  const Component = FIELD_COMPONENTS[field.kind];
  const inputId = `input-${field.id}`;
  return (
    <div className={`field ${highlighted ? "field-blank" : ""}`} data-testid={`field-${field.id}`}>
      <label htmlFor={inputId}>
        {field.label} {field.required && <RequiredMark />}
      </label>
      <Component
        field={field}
        value={value}
        onChange={onChange}
        groups={groups}
        inputId={inputId}
        invalid={problems.length > 0}
        at={at}
      />
      {field.help && (
        <p className="help" id={`help-${field.id}`}>
          <Help text={field.help} />
        </p>
      )}
      {problems.map((problem) => (
        <ProblemLine key={problem.place + problem.message} problem={problem} testId={`problem-${field.id}`} />
      ))}
    </div>
  );
}

/** Words to be typed stand between backticks. */
function Help({ text }: { text: string }) {
  return text.split("`").map((part, index) => {
    const key = `${index}${part}`;
    return index % 2 === 1 ? <code key={key}>{part}</code> : <span key={key}>{part}</span>;
  });
}

export function ProblemLine({ problem, testId }: { problem: Problem; testId: string }) {
  return (
    <p className="problem" data-testid={testId}>
      {problem.message} {problem.hint}
    </p>
  );
}
