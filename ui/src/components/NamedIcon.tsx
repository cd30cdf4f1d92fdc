/** A line icon by its name. Holds the whole set, so it is loaded on its own and later. */
import { icons } from "lucide-react";
import type { ReactNode } from "react";

export default function NamedIcon({ name, fallback }: { name: string; fallback: ReactNode }) {
  const pascal = name.replaceAll(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
  const Icon = icons[pascal as keyof typeof icons];
  return Icon ? <Icon size={16} /> : fallback;
}
