/* What the account has, and, like a bank statement, how it came about. */

import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Figure, Figures } from "../../components/Figures";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Waiting } from "../../components/Waiting";
import { isZero } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { Ledger } from "./Ledger";
import { Lots } from "./Lots";
import { messages } from "./messages";
import { Payments } from "./Payments";
import { creditsQuery, type Credits } from "./queries";
import { Statements } from "./Statements";

export function CreditsPage() {
  const t = useText(messages);
  return (
    <Page
      title={t("title")}
      wide
      actions={
        <>
          <LinkButton to="/dashboard/refunds" variant="default">
            {t("refund")}
          </LinkButton>
          <LinkButton to="/dashboard/recharge">{t("recharge")}</LinkButton>
        </>
      }
    >
      <Stack gap={40}>
        <Loaded query={useQuery(creditsQuery)} waiting={<Waiting rows={3} />}>
          {(credits) => <Funds credits={credits} />}
        </Loaded>
        <Ledger />
        <Payments />
        <Statements />
      </Stack>
    </Page>
  );
}

function Funds({ credits }: { credits: Credits }) {
  const t = useText(messages);
  const figures = [
    ["spendable", credits.spendable],
    ["balance", credits.balance],
    ["held", credits.held],
    ...(isZero(credits.debt) ? [] : [["debt", credits.debt] as const]),
  ] as const;
  return (
    <>
      <Figures>
        {figures.map(([name, value]) => (
          <Figure key={name} name={t(name)} value={value} available={name === "spendable"} />
        ))}
      </Figures>
      <Lots open={credits.lots} />
    </>
  );
}
