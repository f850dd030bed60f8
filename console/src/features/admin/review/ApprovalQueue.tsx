/* Accounts that wait since their sign-up, or for a region that is not served. */

import { Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { Facts } from "../../../components/Facts";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { Decisions } from "./Decisions";
import { messages } from "./messages";
import { QueueView } from "./QueueView";
import { ToAccount } from "./ToAccount";

type Waiting = Item<"/admin/approvals">;

const listQuery = paged(["admin", "approvals"], (after, signal) =>
  ask(api.GET("/admin/approvals", { params: { query: { after } }, signal })),
);

export function ApprovalQueue() {
  const query = useInfiniteQuery(listQuery);
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <QueueView
      query={query}
      id={(waiting) => waiting.account_id}
      line={(waiting) => ({
        title: waiting.email,
        note: <Value of={waiting.code} />,
        mark: <Time value={waiting.since} as="relative" />,
      })}
      detail={(id) => {
        const waiting = rows.find((row) => row.account_id === id);
        return waiting === undefined ? null : <Shown waiting={waiting} />;
      }}
      hasHistory={false}
    />
  );
}

function Shown({ waiting }: { waiting: Waiting }) {
  const t = useText(messages);
  const params = { path: { account_id: waiting.account_id } };
  const isRegion = waiting.code === "region_not_served";
  return (
    <Stack>
      <Facts
        facts={[
          [t("account"), waiting.email],
          [t("code"), <Value key="code" of={waiting.code} />],
          [t("asked"), <Time key="at" value={waiting.since} />],
          [t("facts"), <ToAccount key="ac" id={waiting.account_id} />],
        ]}
      />
      <Decisions
        choices={
          isRegion
            ? [
                {
                  label: t("allowRegion"),
                  hotkey: "a",
                  needsNote: true,
                  run: (note) => ask(api.POST("/admin/approvals/{account_id}/allow-region", { params, body: { note } })),
                },
              ]
            : [
                {
                  label: t("letIn"),
                  hotkey: "a",
                  run: (note) => ask(api.POST("/admin/approvals/{account_id}/approve", { params, body: { note } })),
                },
                {
                  label: t("keepOut"),
                  hotkey: "r",
                  danger: true,
                  needsNote: true,
                  noteHint: t("noteRead"),
                  run: (note) => ask(api.POST("/admin/approvals/{account_id}/decline", { params, body: { note } })),
                },
              ]
        }
      />
    </Stack>
  );
}
