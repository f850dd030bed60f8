/* One key: its settings to be changed, and the ways to end it. */

import { Button, Code, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Amount } from "../../components/Amount";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { Facts } from "../../components/Facts";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { EndKey } from "./EndKey";
import { KEY_FIELDS, KeyFields } from "./KeyFields";
import { messages } from "./messages";
import { keyQuery, keysQuery, type Key } from "./queries";
import { settingsOf } from "./settings";

interface KeyDetailsProps {
  id: string;
  mayManage: boolean;
  onReplaced: (id: string) => void;
}

export function KeyDetails({ id, mayManage, onReplaced }: KeyDetailsProps) {
  const query = useQuery(keyQuery(id));
  return (
    <Loaded query={query}>
      {(key) => (
        <Stack gap="lg">
          <Summary value={key} />
          {mayManage && key.status === "active" && <Change key={key.id} value={key} />}
          {mayManage && key.status === "active" && <EndKey value={key} onReplaced={onReplaced} />}
        </Stack>
      )}
    </Loaded>
  );
}

function Summary({ value }: { value: Key }) {
  const t = useText(messages);
  return (
    <>
      <Facts
        facts={[
          [t("name"), value.name || "–"],
          [t("key"), <Code key="prefix">{value.prefix}…</Code>],
          [t("kind"), t(value.kind)],
          [t("status"), t(value.status)],
          [t("created"), <Time key="created" value={value.created_at} />],
          [t("lastUsed"), value.last_used_at === null ? t("never") : <Time key="used" value={value.last_used_at} />],
          [t("today"), <Amount key="today" value={value.spent_today} />],
          [t("spent"), <Amount key="spent" value={value.spent} />],
        ]}
      />
      <Group>
        <LinkButton to="/dashboard/logs" search={{ key: value.id }} variant="default">
          {t("logs")}
        </LinkButton>
      </Group>
    </>
  );
}

function Change({ value }: { value: Key }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const [wanted, setWanted] = useState(() => settingsOf(value));
  const change = useMutation({
    mutationFn: () => ask(api.PUT("/api/keys/{key_id}", { params: { path: { key_id: value.id } }, body: wanted })),
    onSuccess: (changed) => {
      cache.setQueryData(keyQuery(value.id).queryKey, changed);
      notifications.show({ message: t("saved") });
      return cache.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  const wrong = useFieldFailure(change.error, ...KEY_FIELDS);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack>
        <KeyFields value={wanted} wrong={wrong.at} onChange={setWanted} />
        <ActionError failure={wrong.rest} />
        <Group>
          <Button type="submit" loading={change.isPending}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
