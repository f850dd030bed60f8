import { Badge } from "@mantine/core";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import type { Payment } from "./queries";

const COLOURS = { unknown: "gray", pending: "blue", failed: "red", paid: "green" } as const;

export function PaymentState({ state }: Pick<Payment, "state">) {
  const t = useText(messages);
  return <Badge color={COLOURS[state]}>{t(`payment_${state}`)}</Badge>;
}
