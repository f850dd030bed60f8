import { SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, once } from "../../../api/client";
import { Confirm } from "../../../components/Confirm";
import { useUnit } from "../../../components/unit";
import { useText } from "../../../lib/i18n";
import { useGuarded } from "../../session/proof";
import { messages as words } from "../messages";
import { messages } from "./messages";
import { accountQuery, type Account } from "./queries";

/** Credit without a payment, once however often it is sent. */
export function GrantDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const say = useText(words);
  const unit = useUnit();
  const cache = useQueryClient();
  const guarded = useGuarded();
  const [header] = useState(once);
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState("");
  const [kind, setKind] = useState<"grant" | "promo">("grant");
  const give = useMutation({
    mutationFn: () =>
      guarded(() =>
        ask(
          api.POST("/admin/accounts/{account_id}/grants", {
            params: { path: { account_id: account.id }, header },
            body: { amount: amount.trim(), reason, kind },
          }),
        ),
      ),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: accountQuery(account.id).queryKey });
      onClose();
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`${t("grant")}: ${account.email}`}
      action={t("grant")}
      onConfirm={() => give.mutate()}
      pending={give.isPending}
      failure={give.error}
      money
    >
      <Stack>
        <Text c="dimmed">{t("grantWhat")}</Text>
        <TextInput
          label={unit === undefined ? t("amount") : `${t("amount")} (${unit})`}
          inputMode="decimal"
          required
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          data-autofocus
        />
        <SegmentedControl
          data={[
            { value: "grant", label: t("goodwill") },
            { value: "promo", label: t("promo") },
          ]}
          value={kind}
          onChange={(chosen) => setKind(chosen === "promo" ? "promo" : "grant")}
        />
        <TextInput
          label={say("reason")}
          description={say("reasonHint")}
          required
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </Confirm>
  );
}
