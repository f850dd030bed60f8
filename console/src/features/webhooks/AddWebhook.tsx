/* A new webhook in one dialog; then its secret, once. */

import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { messages as common } from "../../components/messages";
import { shownOnce } from "../../components/shownOnce";
import { useText } from "../../lib/i18n";
import { KINDS } from "./events";
import { messages } from "./messages";
import { webhooksQuery, type Wanted } from "./queries";
import { SigningSecret } from "./SigningSecret";
import { WebhookFields } from "./WebhookFields";

export function AddWebhook({ onClose }: { onClose: () => void }) {
  const t = useText(messages);
  const say = useText(common);
  const cache = useQueryClient();
  const [wanted, setWanted] = useState<Wanted>({ url: "", events: [...KINDS] });
  const add = useMutation({
    mutationFn: () => ask(api.POST("/api/webhooks", { body: wanted })),
    onSuccess: () => cache.invalidateQueries({ queryKey: webhooksQuery.queryKey }),
  });
  const wrong = useFieldFailure(add.error, "url");
  return (
    <Modal
      opened
      // What is being made would be lost.
      onClose={add.isPending ? () => undefined : onClose}
      title={t("add")}
      size="lg"
      closeButtonProps={{ "aria-label": say("close") }}
      {...shownOnce(add.data !== undefined)}
    >
      {add.data !== undefined ? (
        <SigningSecret secret={add.data.secret} onDone={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <Stack>
            <WebhookFields value={wanted} wrong={wrong.at.url} onChange={setWanted} />
            <ActionError failure={wrong.rest} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {say("cancel")}
              </Button>
              <Button type="submit" disabled={wanted.events.length === 0} loading={add.isPending}>
                {t("add")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
