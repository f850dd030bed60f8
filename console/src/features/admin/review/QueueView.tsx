/* A queue: the list on the left, all facts of one item beside it. By keyboard: j and k. */

import { Box, Button, Group, Paper, Stack, Switch, Text, UnstyledButton } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconChecks } from "@tabler/icons-react";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, type ReactNode } from "react";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorState } from "../../../components/ErrorState";
import { messages as common } from "../../../components/messages";
import { Waiting } from "../../../components/Waiting";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

const AGAIN_MS = 15_000;

interface QueueViewProps<Row> {
  query: UseInfiniteQueryResult<InfiniteData<{ data: Row[]; next?: string | null }>>;
  id: (row: Row) => string;
  /** A line of the list: what it is, and one thing more. */
  line: (row: Row) => { title: ReactNode; note: ReactNode; mark?: ReactNode };
  /** All facts of the open item, and its decisions. */
  detail: (id: string) => ReactNode;
  /** Whether decided ones can be listed, too. */
  hasHistory?: boolean;
}

export function QueueView<Row>({ query, id, line, detail, hasHistory = true }: QueueViewProps<Row>) {
  const t = useText(messages);
  const say = useText(common);
  // Every page with a queue keeps these two in its address.
  const { item, all } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { data, error, refetch } = query;
  const retry = useCallback(() => void refetch(), [refetch]);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && retry(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [retry]);
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  const open = (wanted: string | undefined) =>
    void navigate({ to: ".", search: (now) => ({ ...now, item: wanted }), replace: true });
  const step = (by: number) => {
    const at = rows.findIndex((row) => id(row) === item);
    const next = rows[at === -1 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (next !== undefined) open(id(next));
  };
  useHotkeys([
    ["j", () => step(1)],
    ["k", () => step(-1)],
  ]);
  if (data === undefined) return error === null ? <Waiting rows={6} /> : <ErrorState failure={error} retry={retry} />;
  return (
    <div className="queue">
      <Stack gap="xs" className="queue-list">
        {hasHistory && (
          <Switch
            label={t("all")}
            checked={all === true}
            onChange={(event) => {
              const wanted = event.currentTarget.checked || undefined;
              void navigate({ to: ".", search: (now) => ({ ...now, all: wanted, item: undefined }) });
            }}
          />
        )}
        {rows.length === 0 && (
          <EmptyState icon={IconChecks} title={t("emptyTitle")}>
            {t("empty")}
          </EmptyState>
        )}
        {rows.map((row) => {
          const { title, note, mark } = line(row);
          return (
            <UnstyledButton
              key={id(row)}
              className="queue-item"
              data-selected={id(row) === item || undefined}
              aria-current={id(row) === item || undefined}
              onClick={() => open(id(row))}
            >
              <Group justify="space-between" wrap="nowrap">
                <Text component="span" fw={500} truncate>
                  {title}
                </Text>
                {mark}
              </Group>
              <Text component="span" display="block" c="dimmed" size="sm">
                {note}
              </Text>
            </UnstyledButton>
          );
        })}
        {query.hasNextPage && (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {say("more")}
          </Button>
        )}
      </Stack>
      <Box className="queue-detail">
        {item === undefined ? (
          rows.length > 0 && <Text c="dimmed">{t("choose")}</Text>
        ) : (
          <Paper key={item}>{detail(item)}</Paper>
        )}
      </Box>
    </div>
  );
}
