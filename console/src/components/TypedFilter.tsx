import { TextInput, type TextInputProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

interface TypedFilterProps extends Omit<TextInputProps, "value" | "defaultValue" | "onChange"> {
  /** What the address holds. */
  value: string | undefined;
  /** Told once somebody has stopped typing; without blanks at the ends, undefined for nothing. */
  onTyped: (typed: string | undefined) => void;
}

const TYPING_MS = 350;

/** A filter that is typed: it keeps what is typed and its focus while the address follows, and follows the address. */
export function TypedFilter({ value, onTyped, ...field }: TypedFilterProps) {
  const [typed, setTyped] = useState(value ?? "");
  const [told, setTold] = useState(value);
  const [seen, setSeen] = useState(value);
  const tell = useDebouncedCallback((text: string) => {
    const wanted = text.trim() || undefined;
    setTold(wanted);
    onTyped(wanted);
  }, TYPING_MS);
  if (value !== seen) {
    setSeen(value);
    // Not what was typed here: filters were cleared, or somebody went back.
    if (value !== told) {
      setTold(value);
      setTyped(value ?? "");
    }
  }
  return (
    <TextInput
      {...field}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
