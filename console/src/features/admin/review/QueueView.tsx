/* A queue: the list on the left, all facts of one item beside it. By keyboard: j and k. */

import { Box, Button, Group, Kbd, Paper, Stack, Switch, Text, UnstyledButton } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconChecks, IconChevronLeft } from "@tabler/icons-react";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, type ReactNode } from "react";
import { EmptyState } from "../../../components/EmptyState";
import { ErrorState } from "../../../components/ErrorState";
import { messages as common } from "../../../components/messages";
import { Waiting } from "../../../components/Waiting";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import { Decided } from "./queue";

const AGAIN_MS = 15_000;

/** A line of the list: what it is, one thing more, and how long it waits. */
export interface Line {
  title: ReactNode;
  note: ReactNode;
  mark?: ReactNode;
}

interface QueueViewProps<Row> {
  query: UseInfiniteQueryResult<InfiniteData<{ data: Row[]; next?: string | null }>>;
  id: (row: Row) => string;
  line: (row: Row) => Line;
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
  const { data, error } = query;
  const retry = useReadAgain(query.refetch);
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  const at = rows.findIndex((row) => id(row) === item);
  const open = (row: Row | undefined) =>
    void navigate({ to: ".", search: (now) => ({ ...now, item: row && id(row) }), replace: true });
  const step = (by: number) => {
    const next = rows[at === -1 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (next !== undefined) open(next);
  };
  useHotkeys([
    ["j", () => step(1)],
    ["k", () => step(-1)],
  ]);
  const isOpen = item !== undefined;
  if (data === undefined) return error === null ? <Waiting rows={6} /> : <ErrorState failure={error} retry={retry} />;
  return (
    <div className="queue" data-open={isOpen || undefined}>
      <Stack gap="xs" className="queue-list">
        <Group justify="space-between">
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
          {rows.length > 1 && <Keys />}
        </Group>
        {error !== null && <ErrorState failure={error} retry={retry} />}
        {rows.length === 0 && (
          <EmptyState icon={IconChecks} title={t("emptyTitle")}>
            {t("empty")}
          </EmptyState>
        )}
        {rows.map((row) => (
          <QueueItem key={id(row)} line={line(row)} isOpen={id(row) === item} onOpen={() => open(row)} />
        ))}
        {query.hasNextPage && (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {say("more")}
          </Button>
        )}
      </Stack>
      <Box className="queue-detail">
        {isOpen && (
          <Button
            variant="subtle"
            mb="xs"
            hiddenFrom="md"
            leftSection={<IconChevronLeft size={16} aria-hidden />}
            onClick={() => open(undefined)}
          >
            {t("toList")}
          </Button>
        )}
        {!isOpen ? (
          rows.length > 0 && <Text c="dimmed">{t("choose")}</Text>
        ) : (
          // What is decided leaves the queue; among the decided ones it stays open and shows how it ended.
          <Decided value={() => all !== true && open(rows[at + 1] ?? rows[at - 1])}>
            <Paper key={item}>{detail(item)}</Paper>
          </Decided>
        )}
      </Box>
    </div>
  );
}

/** Reads a queue again from time to time while somebody looks at it; and whenever it is called. */
function useReadAgain(refetch: () => unknown): () => void {
  const retry = useCallback(() => void refetch(), [refetch]);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && retry(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [retry]);
  return retry;
}

function QueueItem({ line, isOpen, onOpen }: { line: Line; isOpen: boolean; onOpen: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isOpen) button.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <UnstyledButton
      ref={button}
      className="queue-item"
      data-selected={isOpen || undefined}
      aria-current={isOpen || undefined}
      onClick={onOpen}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text component="span" fw={500} truncate>
          {line.title}
        </Text>
        {line.mark}
      </Group>
      <Text component="span" display="block" c="dimmed" size="sm">
        {line.note}
      </Text>
    </UnstyledButton>
  );
}

function Keys() {
  const t = useText(messages);
  return (
    <Text c="dimmed" size="sm" component="span" className="key-hint">
      <Kbd size="xs">j</Kbd> <Kbd size="xs">k</Kbd> {t("move")}
    </Text>
  );
}
