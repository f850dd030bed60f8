import { Checkbox } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages } from "./messages";
import type { Account } from "./queries";

/** Ends an account. Bought credit that is left is decided about in the queue of closings. */
export function CloseDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const navigate = useNavigate();
  const [hasBreach, setBreach] = useState(false);
  return (
    <Deed
      title={`${t("closeAccount")}: ${account.email}`}
      action={t("closeAccount")}
      what={t("closeWhat")}
      reason="needed"
      word={{ value: account.email, label: t("closeWord", { email: account.email }) }}
      danger
      money
      run={(reason, header) =>
        ask(
          api.POST("/admin/closings", {
            params: { header },
            body: { account_id: account.id, has_breach: hasBreach, reason },
          }),
        )
      }
      onDone={({ id, state }) => {
        if (state !== "deciding") return;
        void navigate({ to: "/admin/review/$queue", params: { queue: "closings" }, search: { item: id } });
      }}
      onClose={onClose}
    >
      <Checkbox
        label={t("breach")}
        description={t("breachHint")}
        checked={hasBreach}
        onChange={(event) => setBreach(event.currentTarget.checked)}
      />
    </Deed>
  );
}
