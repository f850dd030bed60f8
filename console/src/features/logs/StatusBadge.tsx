import { Badge } from "@mantine/core";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import type { Call } from "./queries";
import { useRefusedWhy } from "./refusals/useRefusedWhy";

const COLOURS = { open: "blue", settled: "green", voided: "gray", refused: "red" } as const;

export function StatusBadge({ status, code }: Pick<Call, "status" | "code">) {
  const t = useText(messages);
  const why = useRefusedWhy();
  return (
    <Badge color={COLOURS[status]} title={code === null ? undefined : (why(code) ?? code)}>
      {t(status)}
    </Badge>
  );
}
