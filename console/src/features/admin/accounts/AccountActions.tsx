/* What an operator can do to an account. */

import { Button } from "@mantine/core";
import { useState } from "react";
import { isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { ForgiveDialog } from "./ForgiveDialog";
import { FreezeDialog } from "./FreezeDialog";
import { GrantDialog } from "./GrantDialog";
import { GroupDialog } from "./GroupDialog";
import { LimitsDialog } from "./LimitsDialog";
import { messages } from "./messages";
import type { Account } from "./queries";

type Action = "freeze" | "grant" | "limits" | "group" | "forgive";

export function AccountActions({ account }: { account: Account }) {
  const t = useText(messages);
  const [action, setAction] = useState<Action | null>(null);
  const close = () => setAction(null);
  if (account.status === "closed") return null;
  return (
    <>
      <Button variant="default" onClick={() => setAction("limits")}>
        {t("limits")}
      </Button>
      <Button variant="default" onClick={() => setAction("group")}>
        {t("group")}
      </Button>
      {!isZero(account.credits.debt) && (
        <Button variant="default" onClick={() => setAction("forgive")}>
          {t("forgive")}
        </Button>
      )}
      <Button variant="default" onClick={() => setAction("grant")}>
        {t("grant")}
      </Button>
      <Button color={account.status === "active" ? "red" : undefined} variant="light" onClick={() => setAction("freeze")}>
        {account.status === "active" ? t("freeze") : t("unfreeze")}
      </Button>
      {action === "freeze" && <FreezeDialog account={account} onClose={close} />}
      {action === "grant" && <GrantDialog account={account} onClose={close} />}
      {action === "group" && <GroupDialog account={account} onClose={close} />}
      {action === "forgive" && <ForgiveDialog account={account} onClose={close} />}
      {action === "limits" && <LimitsDialog account={account} onClose={close} />}
    </>
  );
}
