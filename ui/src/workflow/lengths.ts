/** Lengths of time as documents hold them (`15m`): into a number with its unit, and into words. */
import { t } from "../locales";

export const UNITS = ["s", "m", "h", "d"] as const;
export type Unit = (typeof UNITS)[number];

/** Null for lengths of several units and for references, which are shown as text. */
export function readLength(value: unknown): { amount: number; unit: Unit } | null {
  const match = /^\s*(\d+)\s*([smhd])\s*$/.exec(String(value ?? ""));
  return match ? { amount: Number(match[1]), unit: match[2] as Unit } : null;
}

export function lengthText(value: unknown): string {
  const length = readLength(value);
  return length ? t(`lengths.${length.unit}`, { count: length.amount }) : String(value ?? "");
}
