import { Badge } from "@mantine/core";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import type { Webhook } from "./queries";

export function WebhookStatus({ webhook }: { webhook: Webhook }) {
  const t = useText(messages);
  if (webhook.status === "disabled") return <Badge color="gray">{t("disabled")}</Badge>;
  if (webhook.failing_since !== null) return <Badge color="yellow">{t("failing")}</Badge>;
  return <Badge color="green">{t("active")}</Badge>;
}
