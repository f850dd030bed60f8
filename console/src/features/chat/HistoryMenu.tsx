/* Conversations of this browser: go back to one, take it along as a file, delete it. */

import { Button, Drawer, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconHistory, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { messages as common } from "../../components/messages";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { titleOf, type Conversation } from "./conversation";
import { forget, loadHistory } from "./history";
import { messages } from "./messages";

interface HistoryMenuProps {
  account: string;
  open: Conversation;
  onOpen: (conversation: Conversation) => void;
  onFresh: () => void;
}

export function HistoryMenu({ account, open, onOpen, onFresh }: HistoryMenuProps) {
  const t = useText(messages);
  const say = useText(common);
  const [kept, setKept] = useState<readonly Conversation[] | null>(null);
  const look = async () => setKept(await loadHistory(account).catch(() => []));
  const remove = async (id: string) => {
    await forget(id).catch(() => undefined);
    if (id === open.id) onFresh();
    await look();
  };
  return (
    <>
      <Button variant="default" leftSection={<IconHistory size={16} aria-hidden />} onClick={() => void look()}>
        {t("history")}
      </Button>
      <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={onFresh}>
        {t("fresh")}
      </Button>
      <Drawer
        opened={kept !== null}
        onClose={() => setKept(null)}
        position="right"
        title={t("history")}
        closeButtonProps={{ "aria-label": say("close") }}
      >
        <Stack>
          {kept?.length === 0 && <Text c="dimmed">{t("noHistory")}</Text>}
          {kept?.map((each) => (
            <Stack key={each.id} gap={4}>
              <UnstyledButton
                onClick={() => {
                  onOpen(each);
                  setKept(null);
                }}
              >
                <Text truncate fw={each.id === open.id ? 600 : undefined}>
                  {titleOf(each)}
                </Text>
                <Text size="sm" c="dimmed">
                  <Time value={new Date(each.changedAt).toISOString()} as="relative" />
                </Text>
              </UnstyledButton>
              <Group gap="xs">
                <Button variant="subtle" size="compact-sm" onClick={() => save(each)}>
                  {t("export")}
                </Button>
                <Button variant="subtle" color="red" size="compact-sm" onClick={() => void remove(each.id)}>
                  {t("delete")}
                </Button>
              </Group>
            </Stack>
          ))}
        </Stack>
      </Drawer>
    </>
  );
}

function save(conversation: Conversation): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(conversation, null, 2)], { type: "application/json" }));
  link.download = "conversation.json";
  link.click();
  URL.revokeObjectURL(link.href);
}
