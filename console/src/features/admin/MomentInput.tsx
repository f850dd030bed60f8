/* A moment, typed in the viewer's zone and kept as the API takes it; empty is none. */

import { TextInput } from "@mantine/core";
import { useLanguage } from "../../lib/i18n";
import { exactTime } from "../../lib/time";

interface MomentInputProps {
  label: string;
  description?: string;
  value: string | null | undefined;
  onChange: (moment: string | null) => void;
  required?: boolean;
}

const MINUTE_MS = 60_000;

export function MomentInput({ label, description, value, onChange, required }: MomentInputProps) {
  const { language } = useLanguage();
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={typeof value === "string" ? exactTime(value, language) : description}
      required={required}
      value={typeof value === "string" ? local(value) : ""}
      onChange={(event) => onChange(moment(event.currentTarget.value))}
    />
  );
}

/** "2030-01-31T12:00", as the browser's field wants it. */
function local(value: string): string {
  const at = new Date(value);
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

function moment(typed: string): string | null {
  const at = new Date(typed);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
