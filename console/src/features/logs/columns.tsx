import { Code, Stack, Text } from "@mantine/core";
import { Amount } from "../../components/Amount";
import type { Column } from "../../components/DataTable";
import { Time } from "../../components/Time";
import { useLanguage, useText } from "../../lib/i18n";
import { useIsNarrow } from "../../lib/narrow";
import { duration } from "../../lib/time";
import { messages } from "./messages";
import type { Call } from "./queries";
import { StatusBadge } from "./StatusBadge";

/** What a line of the log shows. */
export function useCallColumns(): readonly Column<Call>[] {
  const t = useText(messages);
  const { language } = useLanguage();
  const isNarrow = useIsNarrow();
  const count = new Intl.NumberFormat(language);
  return [
    { key: "time", title: t("time"), cell: (call) => <Time value={call.created_at} /> },
    { key: "model", title: t("model"), cell: (call) => <Model call={call} withStatus={isNarrow} /> },
    {
      key: "key",
      title: t("key"),
      from: "md",
      cell: (call) => call.key_name || <Code>{call.key_prefix}</Code>,
    },
    ...(isNarrow
      ? []
      : [{ key: "status", title: t("status"), cell: (call: Call) => <StatusBadge {...call} /> }]),
    {
      key: "tokens",
      title: t("tokens"),
      align: "right",
      from: "md",
      cell: (call) => `${count.format(call.input_tokens)} / ${count.format(call.output_tokens)}`,
    },
    {
      key: "latency",
      title: t("latency"),
      align: "right",
      from: "lg",
      cell: (call) => (call.latency_ms === null ? "–" : duration(call.latency_ms)),
    },
    {
      key: "charge",
      title: t("charge"),
      align: "right",
      cell: (call) => (call.charge === null ? "–" : <Amount value={call.charge} />),
    },
  ];
}

/** On a phone its state stands below, where it is seen beside what it cost. */
function Model({ call, withStatus }: { call: Call; withStatus: boolean }) {
  if (!withStatus) return <Text span>{call.model}</Text>;
  return (
    <Stack gap={2} align="flex-start">
      <Text span>{call.model}</Text>
      <StatusBadge {...call} />
    </Stack>
  );
}
