/** How a long list is cut into pages: the way first, then the little that this way needs. */
import { useState } from "react";
import { RequiredMark } from "../../../components/AskInputs";
import { t } from "../../../locales";
import {
  PARTS,
  type Paging,
  type PagingStyle,
  STYLES,
  styleOf,
  withPart,
  withStyle,
} from "../../../workflow/paging";
import { asText, type FieldProps } from "./types";

export function PagingField({ field, value, onChange, inputId, invalid }: FieldProps) {
  const style = styleOf(value);
  return (
    <>
      <select
        id={inputId}
        className="input"
        data-testid={inputId}
        aria-invalid={invalid}
        value={style ?? ""}
        onChange={(event) => {
          const next = event.target.value as PagingStyle | "";
          onChange(next === "" ? undefined : withStyle(value, next));
        }}
      >
        <option value="">{t("paging.none")}</option>
        {STYLES.map((one) => (
          <option key={one} value={one}>
            {t(`paging.styles.${one}`)}
          </option>
        ))}
      </select>
      {style && <Parts name={field.id} style={style} value={value as Paging} onChange={onChange} />}
    </>
  );
}

function Parts({
  name,
  style,
  value,
  onChange,
}: {
  name: string;
  style: PagingStyle;
  value: Paging;
  onChange: (value: Paging) => void;
}) {
  const [all, setAll] = useState(false);
  const parts = PARTS[style].filter(({ part, rare }) => all || !rare || value[part] !== undefined);
  const hidden = parts.length < PARTS[style].length;
  return (
    <div className="parts">
      {parts.map(({ part, required, number = false, example }) => (
        <label key={part} className="part">
          <span>
            {partLabel(style, part)} {required && <RequiredMark />}
          </span>
          <input
            className="input"
            data-testid={`paging-${name}-${part}`}
            inputMode={number ? "numeric" : undefined}
            placeholder={example}
            value={asText(value[part])}
            onChange={(event) => onChange(withPart(value, part, event.target.value, number))}
          />
        </label>
      ))}
      {hidden && (
        <button
          type="button"
          className="button quiet small"
          data-testid={`paging-${name}-more`}
          onClick={() => setAll(true)}
        >
          {t("builder.more_options")}
        </button>
      )}
    </div>
  );
}

function partLabel(style: PagingStyle, part: (typeof PARTS)[PagingStyle][number]["part"]): string {
  if (part !== FROM) return t(`paging.parts.${part}`);
  return t(`paging.from.${style}`);
}

const FROM = "from";
