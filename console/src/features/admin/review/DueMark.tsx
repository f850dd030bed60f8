import { Badge } from "@mantine/core";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

/** When a request has to be answered; red once that is over. */
export function DueMark({ item }: { item: { due_at: string; is_overdue: boolean } }) {
  const t = useText(messages);
  return item.is_overdue ? (
    <Badge color="red">{t("overdue")}</Badge>
  ) : (
    <span className="nowrap">
      {t("due")} <Time value={item.due_at} as="relative" />
    </span>
  );
}
