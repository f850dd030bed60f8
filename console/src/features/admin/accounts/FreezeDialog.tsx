import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages } from "./messages";
import { accountQuery, type Account } from "./queries";

/** Freezes an active account, or lets a frozen one call again. */
export function FreezeDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const isFreezing = account.status === "active";
  const params = { path: { account_id: account.id } };
  const action = isFreezing ? t("freeze") : t("unfreeze");
  return (
    <Deed
      title={`${action}: ${account.email}`}
      action={action}
      what={isFreezing ? t("freezeWhat") : t("unfreezeWhat")}
      reason="needed"
      danger={isFreezing}
      run={(reason) =>
        ask(
          isFreezing
            ? api.POST("/admin/accounts/{account_id}/freeze", { params, body: { reason } })
            : api.POST("/admin/accounts/{account_id}/unfreeze", { params, body: { reason } }),
        )
      }
      onDone={(after) => cache.setQueryData(accountQuery(account.id).queryKey, after)}
      onClose={onClose}
    />
  );
}
