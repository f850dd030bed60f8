import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Problem } from "../../api/problem";
import { Amount } from "../../components/Amount";
import { messages } from "../../components/messages";
import { isZero } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { receiptQuery } from "../logs/queries";

/** What a call was charged whose answer could not tell it: its receipt does, once the call has ended. */
export function Charged({ job }: { job: string }) {
  const { data: receipt, error } = useQuery(receiptQuery(job));
  if (error instanceof Problem && error.status === 404) return <Unmoved />;
  if (receipt === undefined || receipt.status === "open") return null;
  const charge = receipt.charge ?? "0";
  return isZero(charge) ? (
    <Unmoved />
  ) : (
    <Text size="sm" c="dimmed">
      <Amount value={charge} />
    </Text>
  );
}

/** A call that was refused before it had a job, or of which nothing is owed. */
export function Unmoved() {
  const t = useText(messages);
  return (
    <Text size="sm" c="dimmed">
      {t("noMoneyMoved")}
    </Text>
  );
}
