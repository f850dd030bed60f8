/* A key is replaced, revoked, or reported as leaked. */

import { Button, Group, Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Confirm } from "../../components/Confirm";
import { shownOnce } from "../../components/shownOnce";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { keyQuery, keysQuery, type Key } from "./queries";
import { Secret } from "./Secret";

interface EndKeyProps {
  value: Key;
  onReplaced: (id: string) => void;
}

export function EndKey({ value, onReplaced }: EndKeyProps) {
  const t = useText(messages);
  const [asked, setAsked] = useState<"rotate" | "revoke" | "leak" | null>(null);
  const close = () => setAsked(null);
  return (
    <Group>
      <Button variant="default" onClick={() => setAsked("rotate")}>
        {t("rotate")}
      </Button>
      <Button variant="light" color="red" onClick={() => setAsked("revoke")}>
        {t("revoke")}
      </Button>
      <Button variant="subtle" color="red" onClick={() => setAsked("leak")}>
        {t("leak")}
      </Button>
      {asked === "rotate" && <Rotate value={value} onClose={close} onReplaced={onReplaced} />}
      {asked === "revoke" && <Revoke value={value} onClose={close} />}
      {asked === "leak" && <Leak value={value} onClose={close} />}
    </Group>
  );
}

interface AskedProps {
  value: Key;
  onClose: () => void;
}

function Rotate({ value, onClose, onReplaced }: AskedProps & Pick<EndKeyProps, "onReplaced">) {
  const t = useText(messages);
  const cache = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => ask(api.POST("/api/keys/{key_id}/rotate", { params: { path: { key_id: value.id } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
  const made = rotate.data;
  if (made !== undefined) {
    return (
      <Modal opened onClose={onClose} title={t("rotate")} size="lg" {...shownOnce()}>
        <Secret secret={made.secret} onDone={() => onReplaced(made.key.id)} />
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

function Revoke({ value, onClose }: AskedProps) {
  const t = useText(messages);
  const revoke = useEnd(value, onClose, () =>
    ask(api.POST("/api/keys/{key_id}/revoke", { params: { path: { key_id: value.id } } })),
  );
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t("revokeTitle")}
      action={t("revoke")}
      danger
      onConfirm={() => revoke.mutate()}
      pending={revoke.isPending}
      failure={revoke.error}
    >
      {t("revokeWhat")}
    </Confirm>
  );
}

function Leak({ value, onClose }: AskedProps) {
  const t = useText(messages);
  const [description, setDescription] = useState("");
  const report = useEnd(value, onClose, () => {
    const params = { path: { key_id: value.id } };
    return ask(api.POST("/api/keys/{key_id}/report-leak", { params, body: { description } }));
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t("leak")}
      action={t("leak")}
      danger
      onConfirm={() => report.mutate()}
      pending={report.isPending}
      failure={report.error}
    >
      {t("leakWhat")}
      <Textarea
        mt="sm"
        label={t("leakText")}
        value={description}
        maxLength={2000}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </Confirm>
  );
}

function useEnd(value: Key, onClose: () => void, end: () => Promise<Key>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: end,
    onSuccess: async (ended) => {
      cache.setQueryData(keyQuery(value.id).queryKey, ended);
      onClose();
      await cache.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
}
