import { Badge, Group } from "@mantine/core";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import type { ChannelLine } from "./queries";

const COLOURS = { closed: "green", half_open: "yellow", open: "red" } as const;

/** Whether calls go there: what somebody decided, and what its last calls taught. */
export function ChannelState({ channel }: { channel: ChannelLine }) {
  const t = useText(messages);
  return (
    <Group gap={4}>
      {channel.stopped && <Badge color="red">{t("stopped")}</Badge>}
      {channel.enabled ? (
        <Badge color={COLOURS[channel.health]}>{t(channel.health)}</Badge>
      ) : (
        <Badge color="gray">{t("off")}</Badge>
      )}
    </Group>
  );
}
