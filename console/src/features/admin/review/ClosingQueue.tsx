/* Accounts that close: what becomes of what is left. */

import { SegmentedControl, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Time } from "../../../components/Time";
import { isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { Decisions } from "./Decisions";
import { messages } from "./messages";
import { QueueView } from "./QueueView";
import { ToAccount } from "./ToAccount";

const route = getRouteApi("/admin/review/$queue");

type Closing = Item<"/admin/closings">;

const listQuery = (all: boolean) =>
  paged(["admin", "closings", all], (after, signal) =>
    ask(api.GET("/admin/closings", { params: { query: { state: all ? undefined : "deciding", after } }, signal })),
  );

export function ClosingQueue() {
  const { all } = route.useSearch();
  const query = useInfiniteQuery(listQuery(all === true));
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <QueueView
      query={query}
      id={(closing) => closing.id}
      line={(closing) => ({
        title: closing.reason || <Value of={closing.state} />,
        note: <Value of={closing.state} />,
        mark: <Time value={closing.created_at} as="relative" />,
      })}
      detail={(id) => {
        const closing = rows.find((row) => row.id === id);
        return closing === undefined ? null : <Shown closing={closing} />;
      }}
    />
  );
}

function Shown({ closing }: { closing: Closing }) {
  const t = useText(messages);
  const [treatment, setTreatment] = useState(closing.choices[0]);
  return (
    <Stack>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={closing.state} />],
          [t("reason"), closing.reason || "–"],
          [t("breach"), closing.has_breach ? t("yes") : t("no")],
          [t("asked"), <Time key="at" value={closing.created_at} />],
          [t("account"), <ToAccount key="ac" id={closing.account_id} />],
          !isZero(closing.returned) && [t("givenBack"), <Amount key="r" value={closing.returned} />],
          !isZero(closing.forfeited) && [t("takenBack"), <Amount key="f" value={closing.forfeited} />],
        ]}
      />
      {closing.state === "deciding" && treatment !== undefined && (
        <Decisions
          choices={[
            {
              label: t("decide"),
              hotkey: "a",
              needsNote: treatment === "forfeit",
              fields: (
                <SegmentedControl
                  aria-label={t("treatment")}
                  value={treatment}
                  onChange={(chosen) => setTreatment(closing.choices.find((each) => each === chosen))}
                  data={closing.choices.map((each) => ({ value: each, label: t(each) }))}
                />
              ),
              run: (note, header) =>
                ask(
                  api.POST("/admin/closings/{closing_id}/decide", {
                    params: { path: { closing_id: closing.id }, header },
                    body: { treatment, note },
                  }),
                ),
            },
          ]}
        />
      )}
    </Stack>
  );
}
