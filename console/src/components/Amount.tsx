/* An amount of money: abridged to what the eye takes in, exact on hover and on copy. */

import { Tooltip } from "@mantine/core";
import type { ClipboardEvent } from "react";
import { abridge, written } from "../lib/amount";
import { useLanguage } from "../lib/i18n";
import { useUnit } from "./unit";

interface AmountProps {
  /** A decimal string as the API gives it. */
  value: string;
  /** Payments keep the currency they were made in; everything else is in the unit of account. */
  currency?: string;
  /** A plus before what is not negative: for what goes in and out. */
  signed?: boolean;
  /** What can be spent: where it is abridged, it is never more than there is. */
  available?: boolean;
}

export function Amount({ value, currency, signed = false, available = false }: AmountProps) {
  const { language } = useLanguage();
  const ofAccount = useUnit();
  const unit = currency ?? ofAccount;
  const { text, rounded } = abridge(value, available);
  const exact = written(value, unit, language);
  const shown = written(text, unit, language);
  const plus = signed && !value.startsWith("-") ? "+" : "";
  // Whoever copies the abridged amount gets all of it.
  const copyExact = (event: ClipboardEvent) => {
    if (window.getSelection()?.toString().trim() !== plus + shown) return;
    event.clipboardData.setData("text/plain", value);
    event.preventDefault();
  };
  const amount = (
    <data className={rounded ? "amount amount-rounded" : "amount"} value={value} onCopy={copyExact}>
      {plus}
      {shown}
    </data>
  );
  return rounded ? <Tooltip label={exact}>{amount}</Tooltip> : amount;
}
