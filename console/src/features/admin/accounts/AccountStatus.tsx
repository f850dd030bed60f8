import { Badge } from "@mantine/core";
import { useText } from "../../../lib/i18n";
import { messages } from "../messages";

const COLOURS = { active: "gray", frozen: "blue", closed: "red" } as const;

export function AccountStatus({ status }: { status: keyof typeof COLOURS }) {
  const t = useText(messages);
  return <Badge color={COLOURS[status]}>{t(status)}</Badge>;
}
