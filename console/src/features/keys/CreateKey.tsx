/* A new key in one dialog: its name, folded limits; then its secret, once. */

import { Button, Group, Modal, SegmentedControl, Stack } from "@mantine/core";
import { useIsMutating, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { messages as common } from "../../components/messages";
import { shownOnce } from "../../components/shownOnce";
import { useText } from "../../lib/i18n";
import { useIsNarrow } from "../../lib/narrow";
import { KEY_FIELDS, KeyFields } from "./KeyFields";
import { messages } from "./messages";
import { keysQuery, type NewKey } from "./queries";
import { Secret } from "./Secret";
import { blankKey } from "./settings";

const MAKING = ["keys", "create"];

export function CreateKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useText(messages);
  const say = useText(common);
  const [secret, setSecret] = useState<string | null>(null);
  const isMaking = useIsMutating({ mutationKey: MAKING }) > 0;
  const close = () => {
    setSecret(null);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      // What is being made would be lost.
      onClose={isMaking ? () => undefined : close}
      title={t("create")}
      size="lg"
      closeButtonProps={{ "aria-label": say("close") }}
      {...shownOnce(secret !== null)}
    >
      {secret === null ? <Form onMade={setSecret} onClose={close} /> : <Secret secret={secret} onDone={close} />}
    </Modal>
  );
}

interface FormProps {
  onMade: (secret: string) => void;
  onClose: () => void;
}

function Form({ onMade, onClose }: FormProps) {
  const t = useText(messages);
  const say = useText(common);
  const cache = useQueryClient();
  const isNarrow = useIsNarrow();
  const [wanted, setWanted] = useState<NewKey>(() => blankKey("live"));
  const create = useMutation({
    mutationKey: MAKING,
    mutationFn: () => ask(api.POST("/api/keys", { body: wanted })),
    onSuccess: ({ secret }) => {
      onMade(secret);
      return cache.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  const wrong = useFieldFailure(create.error, ...KEY_FIELDS);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Stack>
        <SegmentedControl
          aria-label={t("kind")}
          orientation={isNarrow ? "vertical" : "horizontal"}
          fullWidth
          value={wanted.kind}
          onChange={(kind) => setWanted({ ...wanted, kind: kind === "test" ? "test" : "live" })}
          data={[
            { value: "live", label: t("liveLong") },
            { value: "test", label: t("testLong") },
          ]}
        />
        <KeyFields value={wanted} wrong={wrong.at} onChange={setWanted} />
        <ActionError failure={wrong.rest} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t("create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
