/* Who signs in here: found by address; each opens beside the list. */

import { Text } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { FilterBar } from "../../../components/FilterBar";
import { messages as common } from "../../../components/messages";
import { SideDrawer } from "../../../components/SideDrawer";
import { Time } from "../../../components/Time";
import { TypedFilter } from "../../../components/TypedFilter";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { messages } from "./messages";
import { PersonDetail, PersonStatus } from "./PersonDetail";

const route = getRouteApi("/admin/operation/$area");

type Person = Item<"/admin/people">;

const peopleQuery = (email: string | undefined) =>
  paged(["admin", "people", email], (after, signal) =>
    ask(api.GET("/admin/people", { params: { query: { email, after } }, signal })),
  );

export function People() {
  const t = useText(messages);
  const shared = useText(common);
  const { email, person } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (id: string | undefined) => void navigate({ search: (now) => ({ ...now, person: id }) });
  return (
    <>
      <FilterBar active={email !== undefined} onClear={() => void navigate({ search: {} })}>
        <TypedFilter
          label={t("exactAddress")}
          value={email}
          maxLength={254}
          onTyped={(typed) => void navigate({ search: { email: typed }, replace: true })}
          w={280}
        />
      </FilterBar>
      <PagedTable
        label={t("people")}
        columns={useColumns()}
        query={useInfiniteQuery(peopleQuery(email))}
        id={(each) => each.id}
        onOpen={(each) => open(each.id)}
        selected={person}
        empty={<EmptyState icon={IconUser} title={shared("noneMatch")} />}
      />
      <SideDrawer opened={person !== undefined} onClose={() => open(undefined)} title={t("person")}>
        {person !== undefined && <PersonDetail key={person} id={person} />}
      </SideDrawer>
    </>
  );
}

function useColumns(): readonly Column<Person>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "email", title: t("address"), cell: (person) => <span className="address">{person.email || "–"}</span> },
    {
      key: "status",
      title: say("status"),
      cell: (person) => <PersonStatus person={person} />,
    },
    {
      key: "accounts",
      title: say("accounts"),
      from: "sm",
      cell: (person) =>
        person.memberships.map((each) => (
          <Text key={each.account_id} span inherit mr="xs">
            <Value of={each.role} />
          </Text>
        )),
    },
    { key: "since", title: t("since"), from: "md", cell: (person) => <Time value={person.created_at} as="date" /> },
  ];
}
