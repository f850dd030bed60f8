/* A positive amount to be typed. What has not its form is said at the field, in our words and with an example. */

import { TextInput, type TextInputProps } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { isAmount, isNegative, isZero, typed } from "../lib/amount";
import { useText } from "../lib/i18n";
import { messages } from "./messages";

interface AmountInputProps extends Omit<TextInputProps, "value" | "onChange" | "pattern" | "inputMode"> {
  value: string;
  onChange: (amount: string) => void;
}

/** Empty is fine unless it is `required`, where the browser asks for it. */
export function AmountInput({ value, onChange, error, ...rest }: AmountInputProps) {
  const t = useText(messages);
  const field = useRef<HTMLInputElement>(null);
  const [isLookedAt, setLookedAt] = useState(false);
  const wrong = value === "" || isPositive(value) ? "" : t("amountForm");
  useEffect(() => field.current?.setCustomValidity(wrong), [wrong]);
  return (
    <TextInput
      {...rest}
      ref={field}
      inputMode="decimal"
      value={value}
      error={isLookedAt && wrong !== "" ? wrong : error}
      onChange={(event) => {
        setLookedAt(false);
        onChange(typed(event.currentTarget.value));
      }}
      onBlur={() => setLookedAt(true)}
      onInvalid={(event) => {
        if (wrong === "") return;
        // Said at the field, instead of in the browser's bubble.
        event.preventDefault();
        setLookedAt(true);
        event.currentTarget.focus();
      }}
    />
  );
}

function isPositive(text: string): boolean {
  return isAmount(text) && !isNegative(text) && !isZero(text);
}
