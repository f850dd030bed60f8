/* What the operator writes of refunds, beside the rules that every request is held against. */

import { Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Facts } from "../../components/Facts";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import { messages as names } from "./published/messages";
import { refundRulesQuery, textQuery, type RefundRules } from "./queries";
import { PublishedText } from "./TextPages";

export function RefundRulesPage() {
  const t = useText(messages);
  const name = useText(names);
  const { language } = useLanguage();
  return (
    <Page title={name("refund_rules")}>
      <Stack gap={40}>
        <Loaded query={useQuery(textQuery("refund_rules", language))}>
          {(text) => text !== null && <PublishedText text={text} below={name("refund_rules")} />}
        </Loaded>
        <section>
          <Title order={2}>{t("enforced")}</Title>
          <Text c="dimmed" mb="md">
            {t("enforcedLead")}
          </Text>
          <Loaded query={useQuery(refundRulesQuery)}>{(rules) => <Enforced rules={rules} />}</Loaded>
        </section>
        <div>
          <LinkButton to="/dashboard/refunds" variant="default">
            {t("toRefunds")}
          </LinkButton>
        </div>
      </Stack>
    </Page>
  );
}

function Enforced({ rules }: { rules: RefundRules }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const days = (count: number) =>
    new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "long" }).format(count);
  const isPossible = rules.unused !== "none";
  return (
    <Paper className="rules">
      <Facts
        facts={[
          [t("unused"), t(`unused_${rules.unused}`)],
          isPossible && [t("window"), rules.window_days === 0 ? t("noEnd") : t("within", { days: days(rules.window_days) })],
          isPossible && rules.not_while_disputed && [t("disputed"), t("notDisputed")],
          [t("usedUp"), t("never")],
          [t("twice"), t(`twice_${rules.duplicate}`)],
          [t("answer"), t("businessDays", { days: rules.answer_business_days })],
          [
            t("charge"),
            t("chargeRule", { days: days(rules.charge_window_days), answer: rules.charge_answer_business_days }),
          ],
          [t("expiry"), rules.credit_days === 0 ? t("noExpiry") : t("expires", { days: days(rules.credit_days) })],
          [t("closing"), t(`closing_${rules.at_closing}`)],
          [t("breach"), t(`breach_${rules.at_closing_for_breach}`)],
        ]}
      />
    </Paper>
  );
}
