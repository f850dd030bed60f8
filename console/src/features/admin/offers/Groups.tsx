/* Groups of customers, and what they are charged of the price. */

import { Group, TextInput } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Item } from "../../../api/types";
import { DataTable } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Loaded } from "../../../components/Loaded";
import { useText } from "../../../lib/i18n";
import { Deed, DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { WriteButton } from "../Writing";
import { messages } from "./messages";

type CustomerGroup = Item<"/admin/groups">;

export const groupsQuery = queryOptions({
  queryKey: ["admin", "groups"],
  queryFn: ({ signal }) => ask(api.GET("/admin/groups", { signal })),
});

export function Groups() {
  const t = useText(messages);
  const say = useText(words);
  const [opened, setOpened] = useState<CustomerGroup | "new" | null>(null);
  return (
    <>
      <Group justify="flex-end" mb="md">
        <WriteButton onClick={() => setOpened("new")}>{t("addGroup")}</WriteButton>
      </Group>
      <Loaded query={useQuery(groupsQuery)}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon={IconUsersGroup} title={t("noGroups")} />
          ) : (
            <DataTable
              label={t("groups")}
              rows={data}
              id={(each) => each.name}
              columns={[
                { key: "name", title: t("name"), cell: (each) => each.name },
                { key: "percent", title: t("charged"), align: "right", cell: (each) => `${each.price_percent} %` },
                { key: "accounts", title: t("accounts"), align: "right", cell: (each) => each.accounts },
                { key: "about", title: t("about"), from: "md", cell: (each) => each.description },
                {
                  key: "deeds",
                  title: say("actions"),
                  align: "right",
                  cell: (each) => (
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
                      <WriteButton size="xs" variant="default" onClick={() => setOpened(each)}>
                        {t("change")}
                      </WriteButton>
                      <DeedButton
                        small
                        danger
                        action={t("remove")}
                        what={t("removeWhat")}
                        run={() => ask(api.DELETE("/admin/groups/{name}", { params: { path: { name: each.name } } }))}
                      />
                    </Group>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {opened !== null && <SetGroup group={opened === "new" ? undefined : opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function SetGroup({ group, onClose }: { group: CustomerGroup | undefined; onClose: () => void }) {
  const t = useText(messages);
  const [name, setName] = useState(group?.name ?? "");
  const [percent, setPercent] = useState(group?.price_percent ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  return (
    <Deed
      title={group?.name ?? t("addGroup")}
      action={t("save")}
      run={() =>
        ask(
          api.PUT("/admin/groups/{name}", {
            params: { path: { name } },
            body: { price_percent: percent.trim(), description },
          }),
        )
      }
      onClose={onClose}
    >
      {group === undefined && (
        <TextInput
          label={t("name")}
          description={t("groupNameHint")}
          required
          maxLength={40}
          value={name}
          onChange={(event) => setName(event.currentTarget.value.trim())}
        />
      )}
      <TextInput
        label={t("chargedPercent")}
        description={t("chargedHint")}
        inputMode="decimal"
        required
        value={percent}
        onChange={(event) => setPercent(event.currentTarget.value)}
      />
      <TextInput
        label={t("about")}
        maxLength={200}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </Deed>
  );
}
