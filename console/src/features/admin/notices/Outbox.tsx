/* Mail on its way; what a message says is shown on demand. */

import { Badge, Group, Text } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Loaded } from "../../../components/Loaded";
import { SideDrawer } from "../../../components/SideDrawer";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { useMailText } from "./kinds/useMailText";
import { messages } from "./messages";

type Mail = Item<"/admin/mail">;

const COLOURS = { waiting: "blue", sending: "blue", sent: "green", failed: "red", dropped: "gray" } as const;

const mailQuery = paged(["admin", "mail"], (after, signal) =>
  ask(api.GET("/admin/mail", { params: { query: { after } }, signal })),
);

const textQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "mail", id],
    queryFn: ({ signal }) => ask(api.GET("/admin/mail/{mail_id}/text", { params: { path: { mail_id: id } }, signal })),
  });

export function Outbox() {
  const t = useText(messages);
  const nameOf = useMailText();
  const [opened, setOpened] = useState<Mail | null>(null);
  return (
    <>
      <PagedTable
        label={t("mail")}
        columns={useColumns()}
        query={useInfiniteQuery(mailQuery)}
        id={(mail) => mail.id}
        onOpen={setOpened}
        selected={opened?.id}
        empty={<EmptyState icon={IconMail} title={t("noMail")} />}
      />
      <SideDrawer opened={opened !== null} onClose={() => setOpened(null)} title={opened === null ? "" : nameOf(opened.kind)}>
        {opened !== null && <Opened mail={opened} onDone={() => setOpened(null)} />}
      </SideDrawer>
    </>
  );
}

function Opened({ mail, onDone }: { mail: Mail; onDone: () => void }) {
  const t = useText(messages);
  return (
    <>
      {mail.state === "failed" && (
        <Group mb="md">
          <DeedButton
            action={t("again")}
            what={mail.error}
            run={() => ask(api.POST("/admin/mail/{mail_id}/send-again", { params: { path: { mail_id: mail.id } } }))}
            onDone={onDone}
          />
        </Group>
      )}
      <Loaded query={useQuery(textQuery(mail.id))}>
        {(said) => (
          <>
            <Text fw={600} mb="sm">
              {said.subject}
            </Text>
            <Text className="as-written">{said.text}</Text>
          </>
        )}
      </Loaded>
    </>
  );
}

function useColumns(): readonly Column<Mail>[] {
  const t = useText(messages);
  const say = useText(words);
  const nameOf = useMailText();
  return [
    { key: "kind", title: t("kind"), cell: (mail) => <span title={mail.kind}>{nameOf(mail.kind)}</span> },
    { key: "to", title: t("to"), from: "sm", cell: (mail) => mail.address || "–" },
    {
      key: "state",
      title: say("status"),
      cell: (mail) => (
        <Badge color={COLOURS[mail.state]} title={mail.error}>
          {t(mail.state)}
        </Badge>
      ),
    },
    { key: "tries", title: t("tries"), align: "right", from: "md", cell: (mail) => mail.attempts },
    { key: "at", title: t("time"), cell: (mail) => <Time value={mail.created_at} as="relative" /> },
  ];
}
