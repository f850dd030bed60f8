import { LinkAnchor } from "../../../components/links";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

/** Leads to an account's page; by its address where that is known. */
export function ToAccount({ id, email }: { id: string; email?: string }) {
  const t = useText(messages);
  return (
    <LinkAnchor to="/admin/accounts/$account" params={{ account: id }}>
      {email || t("toAccount")}
    </LinkAnchor>
  );
}
