import { TextInput } from "@mantine/core";

interface PriceFieldProps {
  label: string;
  value: string | null | undefined;
  onChange: (price: string) => void;
  required?: boolean;
  placeholder?: string;
}

/** A price as a decimal string; it is the API that judges it. */
export function PriceField({ label, value, onChange, required, placeholder }: PriceFieldProps) {
  return (
    <TextInput
      label={label}
      inputMode="decimal"
      required={required}
      placeholder={placeholder}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}
