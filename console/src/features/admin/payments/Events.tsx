/* What payment providers told us, and what became of it. */

import { Badge, Checkbox } from "@mantine/core";
import { IconWebhook } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { FilterBar } from "../../../components/FilterBar";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { messages } from "./messages";

const route = getRouteApi("/admin/operation/$area");

type Event = Item<"/admin/payments/events">;

const eventsQuery = (odd: true | undefined) =>
  paged(["admin", "events", odd], (after, signal) =>
    ask(api.GET("/admin/payments/events", { params: { query: { waiting: odd, after } }, signal })),
  );

export function Events() {
  const t = useText(messages);
  const { odd } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <FilterBar active={odd === true} onClear={() => void navigate({ search: {} })}>
        <Checkbox
          label={t("waiting")}
          checked={odd === true}
          onChange={(event) => void navigate({ search: { odd: event.currentTarget.checked || undefined } })}
        />
      </FilterBar>
      <PagedTable
        label={t("events")}
        columns={useColumns()}
        query={useInfiniteQuery(eventsQuery(odd))}
        id={(each) => each.id}
        empty={<EmptyState icon={IconWebhook} title={t("noEvents")} />}
      />
    </>
  );
}

function useColumns(): readonly Column<Event>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "at", title: t("time"), cell: (each) => <Time value={each.received_at} /> },
    { key: "provider", title: t("provider"), from: "sm", cell: (each) => <Value of={each.provider} /> },
    { key: "kind", title: t("kind"), cell: (each) => <span className="address">{each.kind}</span> },
    {
      key: "outcome",
      title: t("outcome"),
      cell: (each) => (each.error === "" ? <Value of={each.outcome || "–"} /> : <Badge color="red">{each.error}</Badge>),
    },
    { key: "tries", title: t("tries"), align: "right", from: "md", cell: (each) => each.attempts },
    {
      key: "deeds",
      title: say("actions"),
      align: "right",
      cell: (each) =>
        each.is_kept && (
          <DeedButton
            small
            action={t("replay")}
            what={t("replayWhat")}
            run={() =>
              ask(
                api.POST("/admin/payments/events/{event_row_id}/replay", { params: { path: { event_row_id: each.id } } }),
              )
            }
          />
        ),
    },
  ];
}
