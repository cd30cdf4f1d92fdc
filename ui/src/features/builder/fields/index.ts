/** One component per kind of field; a new kind doesn't compile without one. */
import type { ComponentType } from "react";
import type { FieldKind } from "../../../backend";
import { ChoiceField } from "./ChoiceField";
import { InputsField } from "./InputsField";
import { DestinationField, FileField, FolderField } from "./PathFields";
import { PatternsField } from "./PatternsField";
import { RecordField } from "./RecordField";
import { LongTextField, NumberField, TextField } from "./TextFields";
import type { FieldProps } from "./types";
import { YesNoField } from "./YesNoField";

export const FIELD_COMPONENTS: Record<FieldKind, ComponentType<FieldProps>> = {
  text: TextField,
  long_text: LongTextField,
  number: NumberField,
  yes_no: YesNoField,
  choice: ChoiceField,
  folder: FolderField,
  file: FileField,
  destination: DestinationField,
  patterns: PatternsField,
  record: RecordField,
  inputs: InputsField,
};
