/* The customer's area: who has an account, and has confirmed their address. */

import { Alert, Button, Center, Group } from "@mantine/core";
import {
  IconChartBar,
  IconCoins,
  IconCpu,
  IconCreditCardPay,
  IconHome,
  IconKey,
  IconLifebuoy,
  IconListDetails,
  IconMailCheck,
  IconMessage,
  IconSettings,
  IconSnowflake,
  IconUserQuestion,
} from "@tabler/icons-react";
import { EmptyState } from "../components/EmptyState";
import { NotFoundHint } from "../components/notFoundHint";
import { Banner } from "../features/announcements/Banner";
import { TermsNotice } from "../features/legal/TermsNotice";
import { BalanceButton } from "../features/overview/BalanceButton";
import { useOverview } from "../features/overview/queries";
import { useOtherTabs } from "../features/session/otherTabs";
import { OtherAccounts } from "../features/session/OtherAccounts";
import { useSession } from "../features/session/queries";
import { SendAgain } from "../features/signup/SendAgain";
import { useText } from "../lib/i18n";
import { Frame } from "./Frame";
import { messages } from "./messages";
import { useSignOut } from "./useSignOut";

export function CustomerShell() {
  const t = useText(messages);
  const session = useSession();
  useOtherTabs("customer");
  if (!session.email_verified || session.account_id === null) return <NotYet />;
  return (
    <NotFoundHint value={<OtherAccounts />}>
      <Frame
        home="/dashboard"
        top={<BalanceButton />}
        notice={
          <>
            <Banner />
            <StatusNotice />
            <TermsNotice />
          </>
        }
        groups={[
          {
            label: t("use"),
            items: [
              { to: "/dashboard", label: t("overview"), icon: IconHome, exact: true },
              { to: "/dashboard/chat", label: t("chat"), icon: IconMessage },
              { to: "/dashboard/models", label: t("models"), icon: IconCpu },
            ],
          },
          {
            label: t("build"),
            items: [
              { to: "/dashboard/tokens", label: t("keys"), icon: IconKey },
              { to: "/dashboard/logs", label: t("logs"), icon: IconListDetails },
              { to: "/dashboard/usage", label: t("usage"), icon: IconChartBar },
            ],
          },
          {
            label: t("money"),
            items: [
              { to: "/dashboard/credits", label: t("credits"), icon: IconCoins },
              { to: "/dashboard/recharge", label: t("recharge"), icon: IconCreditCardPay },
            ],
          },
          {
            label: t("more"),
            items: [
              { to: "/dashboard/support", label: t("support"), icon: IconLifebuoy },
              { to: "/dashboard/settings", label: t("settings"), icon: IconSettings },
            ],
          },
        ]}
      />
    </NotFoundHint>
  );
}

function NotYet() {
  const t = useText(messages);
  const session = useSession();
  const signOut = useSignOut();
  const leave = (
    <Button variant="subtle" loading={signOut.isPending} onClick={() => signOut.mutate()}>
      {t("signOut")}
    </Button>
  );
  return (
    <Center mih="100vh">
      {session.email_verified ? (
        <EmptyState whole icon={IconUserQuestion} title={t("noAccountTitle")} action={leave}>
          {t("noAccount")}
        </EmptyState>
      ) : (
        <EmptyState
          whole
          icon={IconMailCheck}
          title={t("unconfirmedTitle")}
          action={
            <Group justify="center">
              <Button onClick={() => location.reload()}>{t("reload")}</Button>
              <SendAgain email={session.email} />
              {leave}
            </Group>
          }
        >
          {t("unconfirmed", { email: session.email })}
        </EmptyState>
      )}
    </Center>
  );
}

function StatusNotice() {
  const t = useText(messages);
  const status = useOverview().data?.status ?? "active";
  if (status === "active") return null;
  return (
    <Alert color="blue" icon={<IconSnowflake />} mb="lg">
      {t(status)}
    </Alert>
  );
}
