import { Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { Confirm } from "../../../components/Confirm";
import { useText } from "../../../lib/i18n";
import { useGuarded } from "../../session/proof";
import { messages as words } from "../messages";
import { messages } from "./messages";
import { accountQuery, type Account } from "./queries";

/** Freezes an active account, or lets a frozen one call again. */
export function FreezeDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const say = useText(words);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const [reason, setReason] = useState("");
  const isFreezing = account.status === "active";
  const params = { path: { account_id: account.id } };
  const change = useMutation({
    mutationFn: () =>
      guarded(() =>
        ask(
          isFreezing
            ? api.POST("/admin/accounts/{account_id}/freeze", { params, body: { reason } })
            : api.POST("/admin/accounts/{account_id}/unfreeze", { params, body: { reason } }),
        ),
      ),
    onSuccess: (after) => {
      cache.setQueryData(accountQuery(account.id).queryKey, after);
      void cache.invalidateQueries({ queryKey: ["admin", "accounts"] });
      onClose();
    },
  });
  const action = isFreezing ? t("freeze") : t("unfreeze");
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`${action}: ${account.email}`}
      action={action}
      onConfirm={() => change.mutate()}
      pending={change.isPending}
      failure={change.error}
      danger={isFreezing}
    >
      <Stack>
        <Text>{isFreezing ? t("freezeWhat") : t("unfreezeWhat")}</Text>
        <TextInput
          label={say("reason")}
          description={say("reasonHint")}
          required
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
      </Stack>
    </Confirm>
  );
}
