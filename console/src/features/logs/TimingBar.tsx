/* How long it took until the hold was durable, until the first byte, and in all. */

import { ColorSwatch, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useText } from "../../lib/i18n";
import { duration } from "../../lib/time";
import { messages } from "./messages";

interface TimingBarProps {
  /** Each from the moment that the request came. */
  holdMs: number | null;
  firstByteMs: number | null;
  totalMs: number;
}

export function TimingBar({ holdMs, firstByteMs, totalMs }: TimingBarProps) {
  const t = useText(messages);
  const held = share(holdMs ?? 0, totalMs);
  const first = Math.max(share(firstByteMs ?? totalMs, totalMs), held);
  const told = [
    holdMs !== null && (["blue", t("timingHold", { time: duration(holdMs) })] as const),
    firstByteMs !== null && (["gray", t("timingFirst", { time: duration(firstByteMs) })] as const),
    ["accent", t("timingTotal", { time: duration(totalMs) })] as const,
  ].filter((each) => each !== false);
  return (
    <section>
      <Title order={3} mb="xs">
        {t("timing")}
      </Title>
      <Stack gap={6}>
        <Progress.Root size="lg" radius="sm" aria-hidden>
          <Progress.Section value={held} color="blue" />
          <Progress.Section value={first - held} color="gray" />
          <Progress.Section value={100 - first} />
        </Progress.Root>
        <Group gap="sm">
          {told.map(([colour, text]) => (
            <Group key={colour} gap={6} wrap="nowrap">
              <ColorSwatch size={10} radius="xs" color={`var(--mantine-color-${colour}-filled)`} aria-hidden />
              <Text size="sm" className="nowrap">
                {text}
              </Text>
            </Group>
          ))}
        </Group>
      </Stack>
    </section>
  );
}

function share(partMs: number, totalMs: number): number {
  return totalMs === 0 ? 0 : Math.min((partMs / totalMs) * 100, 100);
}
