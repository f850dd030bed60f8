/* What can be spent, on every page; one click to recharge. */

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Amount } from "../../components/Amount";
import { useUnit } from "../../components/unit";
import { abridge, isZero, written } from "../../lib/amount";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import { useOverview } from "./queries";

export function BalanceButton() {
  const t = useText(messages);
  const { language } = useLanguage();
  const unit = useUnit();
  const spendable = useOverview().data?.spendable;
  if (spendable === undefined) return null;
  const amount = written(abridge(spendable, true).text, unit, language);
  return (
    <Button
      component={Link}
      to="/dashboard/recharge"
      variant={isZero(spendable) ? "filled" : "default"}
      rightSection={<IconPlus size={16} aria-hidden />}
      aria-label={t("rechargeFrom", { amount })}
    >
      <Amount value={spendable} available />
    </Button>
  );
}
