/* How long it took until the first byte, and in all. */

import { Progress, Stack, Text, Title } from "@mantine/core";
import { useText } from "../../lib/i18n";
import { duration } from "../../lib/time";
import { messages } from "./messages";

interface TimingBarProps {
  firstByteMs: number | null;
  totalMs: number;
}

export function TimingBar({ firstByteMs, totalMs }: TimingBarProps) {
  const t = useText(messages);
  const first = firstByteMs ?? totalMs;
  const share = totalMs === 0 ? 100 : Math.min((first / totalMs) * 100, 100);
  const told = [t("timingTotal", { time: duration(totalMs) })];
  if (firstByteMs !== null) told.unshift(t("timingFirst", { time: duration(firstByteMs) }));
  return (
    <section>
      <Title order={3} mb="xs">
        {t("timing")}
      </Title>
      <Stack gap={6}>
        <Progress.Root size="lg" radius="sm" aria-hidden>
          <Progress.Section value={share} color="gray" />
          <Progress.Section value={100 - share} />
        </Progress.Root>
        <Text size="sm">{told.join(" · ")}</Text>
      </Stack>
    </section>
  );
}
