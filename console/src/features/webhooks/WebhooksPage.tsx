/* Webhooks of the account. Which one is open stands in the address. */

import { Button, Text } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { SideDrawer } from "../../components/SideDrawer";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { mayManageKeys, useSession } from "../session/queries";
import { AddWebhook } from "./AddWebhook";
import { KINDS } from "./events";
import { messages } from "./messages";
import { webhooksQuery, type Webhook } from "./queries";
import { WebhookDetails } from "./WebhookDetails";
import { WebhookStatus } from "./WebhookStatus";

const route = getRouteApi("/dashboard/webhooks");

export function WebhooksPage() {
  const t = useText(messages);
  const { webhook } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(webhooksQuery);
  const columns = useColumns();
  const [isAdding, setAdding] = useState(false);
  const mayManage = mayManageKeys(useSession());
  const open = (id: string | undefined) => void navigate({ search: { webhook: id } });
  const add = mayManage && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  );
  return (
    <Page
      title={t("webhooks")}
      lead={t("lead")}
      wide
      actions={
        <>
          <LinkButton to="/dashboard/tokens" variant="default">
            {t("keys")}
          </LinkButton>
          {add}
        </>
      }
    >
      <Loaded query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon={IconWebhook} title={t("noneTitle")} action={add}>
              {t("none")}
            </EmptyState>
          ) : (
            <DataTable
              label={t("webhooks")}
              columns={columns}
              rows={data}
              id={(each) => each.id}
              onOpen={(each) => open(each.id)}
              selected={webhook}
            />
          )
        }
      </Loaded>
      <SideDrawer opened={webhook !== undefined} onClose={() => open(undefined)} title={t("webhook")}>
        {webhook !== undefined && (
          <Loaded query={query}>
            {({ data }) => (
              <WebhookDetails
                key={webhook}
                webhook={data.find((each) => each.id === webhook)}
                mayManage={mayManage}
                onGone={() => open(undefined)}
              />
            )}
          </Loaded>
        )}
      </SideDrawer>
      {isAdding && <AddWebhook onClose={() => setAdding(false)} />}
    </Page>
  );
}

function useColumns(): readonly Column<Webhook>[] {
  const t = useText(messages);
  return [
    { key: "url", title: t("url"), cell: ({ url }) => <Text className="as-written">{url}</Text> },
    { key: "status", title: t("status"), cell: (each) => <WebhookStatus webhook={each} /> },
    {
      key: "events",
      title: t("events"),
      from: "sm",
      cell: ({ events }) => t("count", { count: events.length, all: KINDS.length }),
    },
    { key: "created", title: t("created"), from: "md", cell: (each) => <Time value={each.created_at} as="date" /> },
  ];
}
