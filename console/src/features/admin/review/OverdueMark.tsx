import { Badge } from "@mantine/core";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

/** How long something waits; red once it waits too long. */
export function OverdueMark({ isOverdue, since }: { isOverdue: boolean; since: string }) {
  const t = useText(messages);
  return isOverdue ? <Badge color="red">{t("overdue")}</Badge> : <Time value={since} as="relative" />;
}
