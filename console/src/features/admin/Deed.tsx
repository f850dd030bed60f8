/* A dialog in which an operator does something. Where a second factor is asked for, it is shown and the deed goes on. */

import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { once } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { messages as common } from "../../components/messages";
import { useText } from "../../lib/i18n";
import { useGuarded } from "../session/proof";
import { messages } from "./messages";
import { WriteButton } from "./Writing";

export interface DeedProps<T> {
  title: string;
  /** Names the deed on its button: "Freeze", never "OK". */
  action: string;
  /** What will happen, in a sentence. */
  what?: ReactNode;
  /** The fields of its form. */
  children?: ReactNode;
  /** Whether it is asked why. */
  reason?: "needed" | "optional";
  /** For what cannot be undone: a word to be typed, and the words that ask for it. */
  word?: { value: string; label: string };
  danger?: boolean;
  money?: boolean;
  disabled?: boolean;
  size?: "md" | "lg" | "xl";
  /** Does it. The header tells repetitions of one deed apart from a second one. */
  run: (reason: string, header: { "idempotency-key": string }) => Promise<T>;
  onDone?: (answer: T) => void;
  onClose: () => void;
}

export function Deed<T>(props: DeedProps<T>) {
  const { title, action, what, children, reason: asks, word, danger = false, money, disabled, size } = props;
  const { run, onDone, onClose } = props;
  const t = useText(messages);
  const say = useText(common);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const [header] = useState(once);
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const isMeant = word === undefined || typed.trim() === word.value;
  const deed = useMutation({
    mutationFn: () => guarded(() => run(reason.trim(), header)),
    onSuccess: (answer) => {
      // What was done may change what any other list or page of the area shows.
      void cache.invalidateQueries({ queryKey: ["admin"] });
      onClose();
      onDone?.(answer);
    },
  });
  const wrong = useFieldFailure(deed.error, ...(asks === undefined ? [] : (["reason", "note"] as const)));
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ "aria-label": say("close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          deed.mutate();
        }}
      >
        <Stack>
          {what !== undefined && <Text component="div">{what}</Text>}
          {children}
          {asks !== undefined && (
            <TextInput
              label={t("reason")}
              description={t("reasonHint")}
              error={wrong.at.reason ?? wrong.at.note}
              required={asks === "needed"}
              maxLength={200}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {word !== undefined && (
            <TextInput
              label={word.label}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          <ActionError failure={wrong.rest} money={money} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say("cancel")}
            </Button>
            <Button type="submit" color={danger ? "red" : undefined} disabled={disabled === true || !isMeant} loading={deed.isPending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface DeedButtonProps<T> extends Omit<DeedProps<T>, "title" | "onClose" | "children"> {
  title?: string;
  size?: "md" | "lg" | "xl";
  small?: boolean;
}

/** A deed without fields of its own, behind a button that has its name. */
export function DeedButton<T>({ small = false, title, ...deed }: DeedButtonProps<T>) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <WriteButton
        variant={deed.danger === true ? "light" : "default"}
        color={deed.danger === true ? "red" : undefined}
        size={small ? "xs" : undefined}
        onClick={() => setOpened(true)}
      >
        {deed.action}
      </WriteButton>
      {opened && <Deed {...deed} title={title ?? deed.action} onClose={() => setOpened(false)} />}
    </>
  );
}
