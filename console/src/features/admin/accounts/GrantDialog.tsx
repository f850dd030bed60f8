import { SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { useUnit } from "../../../components/unit";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages } from "./messages";
import type { Account } from "./queries";

/** Credit without a payment, once however often it is sent. */
export function GrantDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const unit = useUnit();
  const [amount, setAmount] = useState("");
  const [kind, setKind] = useState<"grant" | "promo">("grant");
  return (
    <Deed
      title={`${t("grant")}: ${account.email}`}
      action={t("grant")}
      what={t("grantWhat")}
      reason="needed"
      money
      run={(reason, header) =>
        ask(
          api.POST("/admin/accounts/{account_id}/grants", {
            params: { path: { account_id: account.id }, header },
            body: { amount: amount.trim(), reason, kind },
          }),
        )
      }
      onClose={onClose}
    >
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
    </Deed>
  );
}
