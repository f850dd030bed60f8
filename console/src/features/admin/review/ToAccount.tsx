import { LinkAnchor } from "../../../components/links";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

export function ToAccount({ id }: { id: string }) {
  const t = useText(messages);
  return (
    <LinkAnchor to="/admin/accounts/$account" params={{ account: id }}>
      {t("toAccount")}
    </LinkAnchor>
  );
}
