import { TextInput } from "@mantine/core";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

interface AmountFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** How much; left empty, what was asked for. */
export function AmountField({ label, value, onChange }: AmountFieldProps) {
  const t = useText(messages);
  return (
    <TextInput
      label={label}
      description={t("amountEmpty")}
      inputMode="decimal"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}
