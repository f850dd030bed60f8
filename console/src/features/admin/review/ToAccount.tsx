import { Id } from "../../../components/Id";
import { LinkAnchor } from "../../../components/links";
import { useText } from "../../../lib/i18n";
import { useMay } from "../../session/scopes";
import { messages } from "./messages";

/** Leads to an account's page, by its address where that is known; only names it to whoever may not see accounts. */
export function ToAccount({ id, email }: { id: string; email?: string }) {
  const t = useText(messages);
  const may = useMay();
  if (!may("accounts:read")) return email || <Id value={id} />;
  return (
    <LinkAnchor to="/admin/accounts/$account" params={{ account: id }}>
      {email || t("toAccount")}
    </LinkAnchor>
  );
}
