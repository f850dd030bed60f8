/* Who signs in here: found by address; kept out, let in, their data handed out or erased. */

import { Badge, Group, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconUser } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { FilterBar } from "../../../components/FilterBar";
import { LinkAnchor } from "../../../components/links";
import { messages as common } from "../../../components/messages";
import { useText } from "../../../lib/i18n";
import { DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { messages } from "./messages";

const route = getRouteApi("/admin/operation/$area");
const TYPING_MS = 400;

type Person = Item<"/admin/people">;

const peopleQuery = (email: string | undefined) =>
  paged(["admin", "people", email], (after, signal) =>
    ask(api.GET("/admin/people", { params: { query: { email, after } }, signal })),
  );

export function People() {
  const t = useText(messages);
  const shared = useText(common);
  const { email } = route.useSearch();
  const navigate = route.useNavigate();
  const find = useDebouncedCallback(
    (typed: string) => void navigate({ search: { email: typed.trim() || undefined }, replace: true }),
    TYPING_MS,
  );
  return (
    <>
      <FilterBar active={email !== undefined} onClear={() => void navigate({ search: {} })}>
        <TextInput
          key={email === undefined ? "empty" : "set"}
          label={t("exactAddress")}
          defaultValue={email ?? ""}
          maxLength={254}
          onChange={(event) => find(event.currentTarget.value)}
          w={280}
        />
      </FilterBar>
      <PagedTable
        label={t("people")}
        columns={useColumns()}
        query={useInfiniteQuery(peopleQuery(email))}
        id={(person) => person.id}
        empty={<EmptyState icon={IconUser} title={shared("noneMatch")} />}
      />
    </>
  );
}

function useColumns(): readonly Column<Person>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "email", title: t("address"), cell: (person) => person.email || "–" },
    {
      key: "status",
      title: say("status"),
      from: "sm",
      cell: (person) => (
        <Group gap={4}>
          <Badge color={person.status === "active" ? "gray" : "red"}>{t(person.status)}</Badge>
          {!person.email_verified && <Badge color="yellow">{t("unconfirmed")}</Badge>}
        </Group>
      ),
    },
    {
      key: "accounts",
      title: say("accounts"),
      from: "sm",
      cell: (person) =>
        person.memberships.map((each) => (
          <LinkAnchor key={each.account_id} to="/admin/accounts/$account" params={{ account: each.account_id }} mr="xs">
            <Value of={each.role} />
          </LinkAnchor>
        )),
    },
    { key: "deeds", title: say("actions"), align: "right", cell: (person) => <Deeds person={person} /> },
  ];
}

function Deeds({ person }: { person: Person }) {
  const t = useText(messages);
  const params = { path: { person_id: person.id } };
  if (person.status === "erased") return null;
  return (
    <Group gap="xs" justify="flex-end">
      {person.status === "active" ? (
        <DeedButton
          small
          action={t("suspend")}
          what={t("suspendWhat")}
          reason="needed"
          run={(reason) => ask(api.POST("/admin/people/{person_id}/suspend", { params, body: { reason } }))}
        />
      ) : (
        <DeedButton
          small
          action={t("restore")}
          reason="needed"
          run={(reason) => ask(api.POST("/admin/people/{person_id}/restore", { params, body: { reason } }))}
        />
      )}
      <DeedButton
        small
        danger
        action={t("erase")}
        what={t("eraseWhat", { email: person.email })}
        reason="needed"
        run={(reason) => ask(api.POST("/admin/people/{person_id}/erase", { params, body: { reason } }))}
      />
    </Group>
  );
}
