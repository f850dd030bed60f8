import { TextInput } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages } from "./messages";
import type { Account } from "./queries";

/** Gives up a debt, or a part of it: what a lost chargeback took after it was spent. */
export function ForgiveDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const [amount, setAmount] = useState(account.credits.debt);
  return (
    <Deed
      title={`${t("forgive")}: ${account.email}`}
      action={t("forgive")}
      what={t("forgiveWhat")}
      reason="needed"
      danger
      money
      run={(reason, header) =>
        ask(
          api.POST("/admin/accounts/{account_id}/forgive", {
            params: { path: { account_id: account.id }, header },
            body: { amount: amount.trim(), reason },
          }),
        )
      }
      onClose={onClose}
    >
      <TextInput
        label={t("amount")}
        inputMode="decimal"
        required
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
    </Deed>
  );
}
