/* One account with all that a decision about it needs, on one page and from one request. */

import { Group, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { LinkAnchor } from "../../../components/links";
import { Loaded } from "../../../components/Loaded";
import { Page } from "../../../components/Page";
import { Time } from "../../../components/Time";
import { isZero, negate } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { useMay } from "../../session/scopes";
import { messages as words } from "../messages";
import { AREA_NEEDS } from "../operation/scopes";
import { AccountActions } from "./AccountActions";
import { AccountLists } from "./AccountLists";
import { AccountStatus } from "./AccountStatus";
import { messages } from "./messages";
import { accountQuery, type Account } from "./queries";
import { ShownLimits } from "./ShownLimits";

const route = getRouteApi("/admin/accounts/$account");

export function AccountPage() {
  const { account } = route.useParams();
  const query = useQuery(accountQuery(account));
  const t = useText(messages);
  return (
    <Page
      title={query.data?.email ?? t("account")}
      wide
      actions={query.data !== undefined && <AccountActions account={query.data} />}
    >
      <Loaded query={query}>{(found) => <Detail account={found} />}</Loaded>
    </Page>
  );
}

function Detail({ account }: { account: Account }) {
  const t = useText(messages);
  const say = useText(words);
  const { credits } = account;
  const status: ReactNode = (
    <Group gap="xs" key="status">
      <AccountStatus status={account.status} />
      {account.status_reason}
    </Group>
  );
  return (
    <Stack gap="xl">
      <section>
        <Title order={2} mb="xs">
          {t("facts")}
        </Title>
        <Facts
          facts={[
            [t("account"), <Id key="id" value={account.id} full />],
            account.name !== "" && [t("name"), account.name],
            [say("status"), status],
            [t("balance"), <Amount key="balance" value={credits.balance} />],
            [t("held"), <Amount key="held" value={credits.held} />],
            [t("spendable"), <Amount key="spendable" value={credits.spendable} available />],
            !isZero(credits.debt) && [t("debt"), <Amount key="debt" value={negate(credits.debt)} />],
            [t("group"), account.group ?? t("noGroup")],
            [t("limits"), <ShownLimits key="limits" limits={account.limits} />],
            [t("created"), <Time key="created" value={account.created_at} as="date" />],
          ]}
        />
        <Elsewhere account={account.id} />
      </section>
      <AccountLists account={account} />
    </Stack>
  );
}

const LINKED = ["payments", "statements", "audit"] as const;

/** All of what this page shows the newest few of. */
function Elsewhere({ account }: { account: string }) {
  const t = useText(messages);
  const may = useMay();
  return (
    <Group gap="lg" mt="xs">
      {may("money:read") && (
        <LinkAnchor to="/admin/jobs" search={{ account }}>
          {t("see")}
        </LinkAnchor>
      )}
      {LINKED.filter((area) => may(AREA_NEEDS[area].read)).map((area) => (
        <LinkAnchor key={area} to="/admin/operation/$area" params={{ area }} search={{ account }}>
          {t(`all_${area}`)}
        </LinkAnchor>
      ))}
    </Group>
  );
}
