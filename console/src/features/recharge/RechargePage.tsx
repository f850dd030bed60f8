/* Buying credit: a package or an amount, by checkout or transfer; a code; what was bought before. */

import { Alert, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { SideDrawer } from "../../components/SideDrawer";
import { Waiting } from "../../components/Waiting";
import { useUnit } from "../../components/unit";
import { add, writtenWhole } from "../../lib/amount";
import { useLanguage, useText } from "../../lib/i18n";
import { RefundRulesLink } from "../legal/published/RefundRulesLink";
import { mayManageMoney, useSession } from "../session/queries";
import { AutoRecharge } from "./AutoRecharge";
import { BuyForm } from "./BuyForm";
import { CodeForm } from "./CodeForm";
import { History } from "./History";
import { messages } from "./messages";
import { optionsQuery, rechargeQuery } from "./queries";
import { RechargeDetails } from "./RechargeDetails";

const route = getRouteApi("/dashboard/recharge");

export function RechargePage() {
  const t = useText(messages);
  const { recharge, outcome } = route.useSearch();
  // Known as long as the page is open, also when the details are closed.
  const [paid] = useState(outcome === "paid" ? recharge : undefined);
  const navigate = route.useNavigate();
  const mayPay = mayManageMoney(useSession());
  const options = useQuery({ ...optionsQuery, enabled: mayPay });
  const open = (id: string | undefined) => void navigate({ search: { recharge: id } });
  return (
    <Page
      title={t("title")}
      lead={
        <>
          {t("lead")} <RefundRulesLink />
        </>
      }
    >
      <Stack gap={40}>
        {paid !== undefined && <Arrived id={paid} />}
        {mayPay ? (
          <>
            <Loaded query={options} waiting={<Waiting rows={4} />}>
              {(known) => <BuyForm options={known} onMade={open} />}
            </Loaded>
            <CodeForm />
          </>
        ) : (
          <Text>{t("notAllowed")}</Text>
        )}
        <History selected={recharge} onOpen={open} />
        {mayPay && <AutoRecharge />}
      </Stack>
      <SideDrawer opened={recharge !== undefined} onClose={() => open(undefined)} title={t("details")}>
        {recharge !== undefined && <RechargeDetails id={recharge} />}
      </SideDrawer>
    </Page>
  );
}

/** Says on the page that a checkout's payment has arrived; nothing until then. */
function Arrived({ id }: { id: string }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const unit = useUnit();
  const recharge = useQuery(rechargeQuery(id)).data;
  if (recharge?.state !== "credited") return null;
  const amount = writtenWhole(add(recharge.credit, recharge.bonus), unit, language);
  return <Alert color="green">{t("arrived", { amount })}</Alert>;
}
