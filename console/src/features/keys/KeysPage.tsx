/* API keys: what each may do, what it has used. */

import { Badge, Button, Code, Text } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Amount } from "../../components/Amount";
import { PagedTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { LinkButton } from "../../components/links";
import { Page } from "../../components/Page";
import { SideDrawer } from "../../components/SideDrawer";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { mayManageKeys, useSession } from "../session/queries";
import { CreateKey } from "./CreateKey";
import { KeyDetails } from "./KeyDetails";
import { messages } from "./messages";
import { keysQuery, type Key } from "./queries";

const route = getRouteApi("/dashboard/tokens");

export function KeysPage() {
  const t = useText(messages);
  const { key } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(keysQuery);
  const columns = useColumns();
  const [isCreating, setCreating] = useState(false);
  const mayManage = mayManageKeys(useSession());
  const open = (id: string | undefined) => void navigate({ search: { key: id } });
  const create = mayManage && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      wide
      actions={
        <>
          <LinkButton to="/dashboard/webhooks" variant="default">
            {t("webhooks")}
          </LinkButton>
          {create}
        </>
      }
    >
      <PagedTable
        label={t("title")}
        columns={columns}
        query={query}
        id={(each) => each.id}
        onOpen={(each) => open(each.id)}
        selected={key}
        empty={
          <EmptyState icon={IconKey} title={t("noneTitle")} action={create}>
            {t("none")}
          </EmptyState>
        }
      />
      <SideDrawer opened={key !== undefined} onClose={() => open(undefined)} title={t("key")}>
        {key !== undefined && <KeyDetails id={key} mayManage={mayManage} onReplaced={open} />}
      </SideDrawer>
      <CreateKey opened={isCreating} onClose={() => setCreating(false)} />
    </Page>
  );
}

function useColumns(): readonly Column<Key>[] {
  const t = useText(messages);
  return [
    { key: "name", title: t("name"), cell: (key) => <Text span>{key.name || "–"}</Text> },
    { key: "key", title: t("key"), from: "sm", cell: (key) => <Code>{key.prefix}…</Code> },
    { key: "kind", title: t("kind"), from: "md", cell: (key) => t(key.kind) },
    { key: "status", title: t("status"), cell: (key) => <KeyStatus value={key} /> },
    {
      key: "used",
      title: t("lastUsed"),
      from: "sm",
      cell: (key) => (key.last_used_at === null ? t("never") : <Time value={key.last_used_at} as="relative" />),
    },
    {
      key: "today",
      title: t("today"),
      align: "right",
      from: "md",
      cell: (key) => <Amount value={key.spent_today} />,
    },
    { key: "spent", title: t("spent"), align: "right", cell: (key) => <Amount value={key.spent} /> },
  ];
}

function KeyStatus({ value }: { value: Key }) {
  const t = useText(messages);
  const [openedAt] = useState(() => Date.now());
  const expires = value.expires_at ?? null;
  const isOver = expires !== null && new Date(expires).getTime() <= openedAt;
  if (value.status === "active" && isOver) return <Badge color="yellow">{t("expired")}</Badge>;
  return <Badge color={value.status === "active" ? "green" : "gray"}>{t(value.status)}</Badge>;
}
