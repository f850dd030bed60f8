/* Asks before something costly or final happens, and says what will happen. */

import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useText } from "../lib/i18n";
import { ActionError } from "./ErrorState";
import { messages } from "./messages";

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, in a sentence or two. */
  children: ReactNode;
  /** Names the action: "Revoke key", never "OK". */
  action: string;
  onConfirm: () => void;
  pending: boolean;
  failure?: unknown;
  danger?: boolean;
  /** For what cannot be undone: a word to be typed, and the words that ask for it. */
  word?: { value: string; label: string };
  money?: boolean;
}

export function Confirm(props: ConfirmProps) {
  const { opened, onClose, title, children, action, onConfirm, pending, failure, danger = false, word, money } = props;
  const t = useText(messages);
  const [typed, setTyped] = useState("");
  // What comes of it, such as a new secret, would be lost.
  const leave = pending ? () => undefined : onClose;
  const isMeant = word === undefined || typed.trim() === word.value;
  return (
    <Modal opened={opened} onClose={leave} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <Stack>
        <Text component="div">{children}</Text>
        {word !== undefined && (
          <TextInput label={word.label} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        )}
        <ActionError failure={failure} money={money} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button color={danger ? "red" : undefined} disabled={!isMeant} loading={pending} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
