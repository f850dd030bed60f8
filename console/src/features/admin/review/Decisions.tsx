/* The ways to decide about an item: each opens its form by its button or its key, and is carried out once. */

import { Button, Group, Kbd, Stack, Textarea } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useContext, useState, type ReactNode } from "react";
import { once } from "../../../api/client";
import { ActionError } from "../../../components/ErrorState";
import { messages as common } from "../../../components/messages";
import { useText } from "../../../lib/i18n";
import { useGuarded } from "../../session/proof";
import { useMayWrite } from "../Writing";
import { messages } from "./messages";
import { Decided } from "./queue";

export interface Choice {
  label: string;
  /** The key that opens it. */
  hotkey?: "a" | "r";
  danger?: boolean;
  /** A note that the customer reads cannot be left out. */
  needsNote?: boolean;
  noteHint?: string;
  /** The item waits on after it: a note was left. */
  leavesOpen?: boolean;
  /** Fields beside the note. */
  fields?: ReactNode;
  /** Does it. The header tells repetitions of one decision apart from a second one. */
  run: (note: string, header: { "idempotency-key": string }) => Promise<unknown>;
}

export function Decisions({ choices }: { choices: readonly Choice[] }) {
  const say = useText(common);
  const [open, setOpen] = useState<number | null>(null);
  const mayDecide = useMayWrite();
  const at = (hotkey: Choice["hotkey"]) => {
    const index = choices.findIndex((choice) => choice.hotkey === hotkey);
    if (index !== -1) setOpen(index);
  };
  useHotkeys([
    ["a", () => at("a")],
    ["r", () => at("r")],
  ]);
  if (!mayDecide) return null;
  const chosen = open === null ? undefined : choices[open];
  if (chosen !== undefined) {
    return <Deciding key={open} choice={chosen} cancel={say("cancel")} onCancel={() => setOpen(null)} />;
  }
  return (
    <Group className="decisions">
      {choices.map((choice, index) => (
        <Button
          key={choice.label}
          variant={choice.danger === true ? "light" : choice.hotkey === undefined ? "default" : "filled"}
          color={choice.danger === true ? "red" : undefined}
          rightSection={choice.hotkey !== undefined && <Kbd size="xs" className="key-hint">{choice.hotkey}</Kbd>}
          onClick={() => setOpen(index)}
        >
          {choice.label}
        </Button>
      ))}
    </Group>
  );
}

function Deciding({ choice, cancel, onCancel }: { choice: Choice; cancel: string; onCancel: () => void }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const decided = useContext(Decided);
  const [note, setNote] = useState("");
  const [header] = useState(once);
  const decide = useMutation({
    mutationFn: () => guarded(() => choice.run(note, header)),
    onSuccess: () => {
      notifications.show({ message: t("done", { what: choice.label }) });
      // Whatever was decided may change what other lists and pages of the area show.
      void cache.invalidateQueries({ queryKey: ["admin"] });
      if (choice.leavesOpen === true) onCancel();
      else decided();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        decide.mutate();
      }}
    >
      <Stack>
        {choice.fields}
        <Textarea
          label={t("note")}
          description={choice.noteHint}
          required={choice.needsNote}
          maxLength={2000}
          autosize
          minRows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-autofocus
          autoFocus
        />
        <ActionError failure={decide.error} money />
        <Group>
          <Button type="submit" color={choice.danger === true ? "red" : undefined} loading={decide.isPending}>
            {choice.label}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
