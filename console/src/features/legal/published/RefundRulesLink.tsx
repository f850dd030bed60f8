import { LinkAnchor } from "../../../components/links";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

/** To the rules of refunds: there are some even where the operator has written none. */
export function RefundRulesLink() {
  const t = useText(messages);
  return (
    <LinkAnchor to="/refund-rules" inherit underline="always" className="nowrap">
      {t("refund_rules")}
    </LinkAnchor>
  );
}
