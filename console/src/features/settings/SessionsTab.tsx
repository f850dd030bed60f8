import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Item } from "../../api/types";
import { DataTable, type Column } from "../../components/DataTable";
import { ActionError } from "../../components/ErrorState";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { sessionsQuery } from "./queries";

export function SessionsTab() {
  const t = useText(messages);
  const cache = useQueryClient();
  const again = () => cache.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const end = useMutation({
    mutationFn: (id: string) =>
      ask(api.DELETE("/api/sessions/{session_id}", { params: { path: { session_id: id } } })),
    onSuccess: again,
  });
  const endOthers = useMutation({ mutationFn: () => ask(api.POST("/api/sessions/end-others")), onSuccess: again });
  const columns: Column<Item<"/api/sessions">>[] = [
    {
      key: "device",
      title: t("device"),
      cell: (each) => (
        <Group gap="xs">
          {each.device || "–"}
          {each.is_this && <Badge>{t("thisOne")}</Badge>}
        </Group>
      ),
    },
    { key: "from", title: t("from"), from: "sm", cell: (each) => each.country || "–" },
    { key: "seen", title: t("lastSeen"), cell: (each) => <Time value={each.last_seen_at} as="relative" /> },
    {
      key: "end",
      title: t("end"),
      quiet: true,
      align: "right",
      cell: (each) =>
        !each.is_this && (
          <Button variant="subtle" color="red" size="compact-sm" onClick={() => end.mutate(each.id)}>
            {t("end")}
          </Button>
        ),
    },
  ];
  return (
    <Stack align="stretch">
      <Text c="dimmed">{t("sessionsWhat")}</Text>
      <Loaded query={useQuery(sessionsQuery)}>
        {({ data }) => (
          <>
            <DataTable label={t("sessions")} columns={columns} rows={data} id={(each) => each.id} />
            {data.length > 1 && (
              <Group>
                <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
                  {t("endOthers")}
                </Button>
              </Group>
            )}
          </>
        )}
      </Loaded>
      <ActionError failure={end.error ?? endOthers.error} />
    </Stack>
  );
}
