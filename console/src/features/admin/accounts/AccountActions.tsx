/* What an operator can do to an account. */

import { useState, type ComponentType } from "react";
import { isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { useMay } from "../../session/scopes";
import { WriteButton, Writing } from "../Writing";
import { CloseDialog } from "./CloseDialog";
import { EvidenceDialog } from "./EvidenceDialog";
import { FileAdjustment } from "./FileAdjustment";
import { FileRefund } from "./FileRefund";
import { FileWithdrawal } from "./FileWithdrawal";
import { ForgiveDialog } from "./ForgiveDialog";
import { FreezeDialog } from "./FreezeDialog";
import { GrantDialog } from "./GrantDialog";
import { GroupDialog } from "./GroupDialog";
import { LimitsDialog } from "./LimitsDialog";
import { messages } from "./messages";
import { MoreActions, type Rare } from "./MoreActions";
import type { Account } from "./queries";

type Action = "freeze" | "grant" | "limits" | "group" | "forgive" | Rare;

const DIALOGS: Readonly<Record<Action, ComponentType<{ account: Account; onClose: () => void }>>> = {
  freeze: FreezeDialog,
  grant: GrantDialog,
  limits: LimitsDialog,
  group: GroupDialog,
  forgive: ForgiveDialog,
  fileAdjustment: FileAdjustment,
  fileRefund: FileRefund,
  fileWithdrawal: FileWithdrawal,
  evidence: EvidenceDialog,
  closeAccount: CloseDialog,
};

export function AccountActions({ account }: { account: Account }) {
  const [action, setAction] = useState<Action | null>(null);
  const Dialog = action === null ? null : DIALOGS[action];
  const isClosed = account.status === "closed";
  return (
    <>
      {!isClosed && <Everyday account={account} onChoose={setAction} />}
      <MoreActions isClosed={isClosed} onChoose={setAction} />
      {Dialog !== null && <Dialog account={account} onClose={() => setAction(null)} />}
    </>
  );
}

function Everyday({ account, onChoose }: { account: Account; onChoose: (action: Action) => void }) {
  const t = useText(messages);
  const may = useMay();
  return (
    <>
      <Writing scope="accounts:write">
        <WriteButton variant="default" onClick={() => onChoose("limits")}>
          {t("limits")}
        </WriteButton>
        {may("catalogue:read") && (
          <WriteButton variant="default" onClick={() => onChoose("group")}>
            {t("group")}
          </WriteButton>
        )}
      </Writing>
      <Writing scope="money:write">
        {!isZero(account.credits.debt) && (
          <WriteButton variant="default" onClick={() => onChoose("forgive")}>
            {t("forgive")}
          </WriteButton>
        )}
        <WriteButton variant="default" onClick={() => onChoose("grant")}>
          {t("grant")}
        </WriteButton>
      </Writing>
      <Writing scope="accounts:write">
        <WriteButton color={account.status === "active" ? "red" : undefined} variant="light" onClick={() => onChoose("freeze")}>
          {account.status === "active" ? t("freeze") : t("unfreeze")}
        </WriteButton>
      </Writing>
    </>
  );
}
