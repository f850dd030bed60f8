/* A webhook's secret is replaced; it is switched off, on, or removed. */

import { Button, Group, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Confirm } from "../../components/Confirm";
import { ActionError } from "../../components/ErrorState";
import { shownOnce } from "../../components/shownOnce";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { webhooksQuery, type Webhook } from "./queries";
import { SigningSecret } from "./SigningSecret";

interface WebhookActionsProps {
  webhook: Webhook;
  onGone: () => void;
}

export function WebhookActions({ webhook, onGone }: WebhookActionsProps) {
  const t = useText(messages);
  const [asked, setAsked] = useState<"rotate" | "disable" | "remove" | null>(null);
  const close = () => setAsked(null);
  const params = { path: { webhook_id: webhook.id } };
  const enable = useDeed(() => ask(api.POST("/api/webhooks/{webhook_id}/enable", { params })));
  const disable = useDeed(() => ask(api.POST("/api/webhooks/{webhook_id}/disable", { params })), close);
  const remove = useDeed(() => ask(api.DELETE("/api/webhooks/{webhook_id}", { params })), onGone);
  return (
    <>
      <Group>
        {webhook.status === "active" ? (
          <Button variant="default" onClick={() => setAsked("disable")}>
            {t("disable")}
          </Button>
        ) : (
          <Button loading={enable.isPending} onClick={() => enable.mutate()}>
            {t("enable")}
          </Button>
        )}
        <Button variant="default" onClick={() => setAsked("rotate")}>
          {t("rotate")}
        </Button>
        <Button variant="light" color="red" onClick={() => setAsked("remove")}>
          {t("remove")}
        </Button>
      </Group>
      <ActionError failure={enable.error} />
      {asked === "rotate" && <Rotate id={webhook.id} onClose={close} />}
      <Confirm
        opened={asked === "disable"}
        onClose={close}
        title={t("disableTitle")}
        action={t("disable")}
        onConfirm={() => disable.mutate()}
        pending={disable.isPending}
        failure={disable.error}
      >
        {t("disableWhat")}
      </Confirm>
      <Confirm
        opened={asked === "remove"}
        onClose={close}
        title={t("removeTitle")}
        action={t("remove")}
        danger
        onConfirm={() => remove.mutate()}
        pending={remove.isPending}
        failure={remove.error}
      >
        {t("removeWhat")}
      </Confirm>
    </>
  );
}

function useDeed<T>(deed: () => Promise<T>, onDone?: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: deed,
    onSuccess: () => {
      onDone?.();
      return cache.invalidateQueries({ queryKey: webhooksQuery.queryKey });
    },
  });
}

function Rotate({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText(messages);
  const rotate = useMutation({
    mutationFn: () => ask(api.POST("/api/webhooks/{webhook_id}/rotate", { params: { path: { webhook_id: id } } })),
  });
  if (rotate.data !== undefined) {
    return (
      <Modal opened onClose={onClose} title={t("rotate")} size="lg" {...shownOnce()}>
        <SigningSecret secret={rotate.data.secret} onDone={onClose} />
      </Modal>
    );
  }
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t("rotateTitle")}
      action={t("rotate")}
      onConfirm={() => rotate.mutate()}
      pending={rotate.isPending}
      failure={rotate.error}
    >
      {t("rotateWhat")}
    </Confirm>
  );
}
