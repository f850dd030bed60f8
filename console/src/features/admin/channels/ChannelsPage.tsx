/* The ways to providers: which work, which rest, and what the last day was like. */

import { Button } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Amount } from "../../../components/Amount";
import { DataTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Loaded } from "../../../components/Loaded";
import { Page } from "../../../components/Page";
import { SideDrawer } from "../../../components/SideDrawer";
import { useLanguage, useText } from "../../../lib/i18n";
import { duration } from "../../../lib/time";
import { messages as words } from "../messages";
import { WriteButton, Writing } from "../Writing";
import { AddChannel } from "./AddChannel";
import { ChannelDetail } from "./ChannelDetail";
import { ChannelState } from "./ChannelState";
import { messages } from "./messages";
import { Providers } from "./Providers";
import { channelsQuery, type ChannelLine } from "./queries";

const route = getRouteApi("/admin/channels");

export function ChannelsPage() {
  const t = useText(messages);
  const say = useText(words);
  const columns = useColumns();
  const { channel, providers } = route.useSearch();
  const navigate = route.useNavigate();
  const [isAdding, setAdding] = useState(false);
  const query = useQuery(channelsQuery);
  const hasAny = (query.data?.data.length ?? 0) > 0;
  const open = (name: string | undefined) => void navigate({ search: { channel: name } });
  const add = (
    <WriteButton leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t("add")}
    </WriteButton>
  );
  return (
    <Writing scope="catalogue:write">
      <Page title={say("channels")} lead={t("lead")} wide actions={
          hasAny && (
            <>
              <Button variant="default" onClick={() => void navigate({ search: { providers: true } })}>
                {t("providers")}
              </Button>
              {add}
            </>
          )
        }
      >
        <Loaded query={query}>
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState icon={IconPlugConnected} title={t("noneTitle")} action={add}>
                {t("none")}
              </EmptyState>
            ) : (
              <DataTable
                label={say("channels")}
                rows={data}
                columns={columns}
                id={(each) => each.name}
                onOpen={(each) => open(each.name)}
                selected={channel}
              />
            )
          }
        </Loaded>
        <SideDrawer opened={channel !== undefined} onClose={() => open(undefined)} title={channel}>
          {channel !== undefined && <ChannelDetail key={channel} name={channel} />}
        </SideDrawer>
        <SideDrawer opened={providers === true} onClose={() => open(undefined)} title={t("providers")}>
          {providers === true && <Providers />}
        </SideDrawer>
        {isAdding && <AddChannel onAdded={open} onClose={() => setAdding(false)} />}
      </Page>
    </Writing>
  );
}

function useColumns(): readonly Column<ChannelLine>[] {
  const t = useText(messages);
  const say = useText(words);
  const { language } = useLanguage();
  const count = new Intl.NumberFormat(language);
  return [
    { key: "name", title: t("channel"), cell: (each) => each.name },
    { key: "provider", title: t("provider"), from: "sm", cell: (each) => each.provider },
    { key: "state", title: say("status"), cell: (each) => <ChannelState channel={each} /> },
    {
      key: "answered",
      title: t("answered"),
      align: "right",
      from: "sm",
      cell: (each) => count.format(each.traffic.answered),
    },
    { key: "faults", title: t("faults"), align: "right", from: "sm", cell: (each) => count.format(faultsOf(each)) },
    {
      key: "first",
      title: t("firstByte"),
      align: "right",
      from: "md",
      cell: ({ traffic: { average_first_byte_ms: ms } }) => (ms === null ? "–" : duration(ms)),
    },
    {
      key: "cap",
      title: t("dailyCap"),
      align: "right",
      from: "lg",
      cell: ({ caps }) =>
        caps.daily_cap === null || caps.daily_cap === undefined ? "–" : <Amount value={caps.daily_cap} />,
    },
    { key: "models", title: say("modelsSold"), align: "right", from: "md", cell: (each) => each.models.length },
  ];
}

function faultsOf({ traffic }: ChannelLine): number {
  return traffic.faults + traffic.rate_limited + traffic.auth_faults + traffic.route_faults;
}
