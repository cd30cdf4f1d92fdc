/** One component per kind of field; a new kind doesn't compile without one. */
import type { ComponentType } from "react";
import type { FieldKind } from "../../../backend";
import { ChoiceField } from "./ChoiceField";
import { DurationField } from "./DurationField";
import { InputsField } from "./InputsField";
import { ItemPathField } from "./ItemPathField";
import { JsonField } from "./JsonField";
import { ListField } from "./ListField";
import { PagingField } from "./PagingField";
import { DestinationField, FileField, FolderField } from "./PathFields";
import { PatternsField } from "./PatternsField";
import { RecordField } from "./RecordField";
import { SecretField } from "./SecretField";
import { LongTextField, NumberField, TextField, UrlField } from "./TextFields";
import { CronField, DaysField, TimeField, TimeZoneField } from "./TimeFields";
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
  duration: DurationField,
  time: TimeField,
  days: DaysField,
  cron: CronField,
  time_zone: TimeZoneField,
  url: UrlField,
  json: JsonField,
  list: ListField,
  item_path: ItemPathField,
  paging: PagingField,
  secret: SecretField,
};
