import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { ActionError } from "../../../components/ErrorState";
import { messages as common } from "../../../components/messages";
import { useText } from "../../../lib/i18n";
import { LimitsFields, type Limits } from "./LimitsFields";
import { messages } from "./messages";
import { accountQuery, type Account } from "./queries";

/** What all keys of an account may use together. */
export function LimitsDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const say = useText(common);
  const cache = useQueryClient();
  const [limits, setLimits] = useState<Limits>(account.limits);
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PUT("/admin/accounts/{account_id}/limits", { params: { path: { account_id: account.id } }, body: limits }),
      ),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: accountQuery(account.id).queryKey });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${t("limits")}: ${account.email}`}
      closeButtonProps={{ "aria-label": say("close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <Text c="dimmed">{t("limitsWhat")}</Text>
          <LimitsFields limits={limits} onChange={setLimits} />
          <ActionError failure={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
