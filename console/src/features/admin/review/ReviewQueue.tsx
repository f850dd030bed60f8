/* A queue of decisions: lines of what waits, and all facts of one with the ways to decide about it. */

import { Stack } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { paged } from "../../../api/paged";
import { Loaded } from "../../../components/Loaded";
import type { Queue } from "./queue";
import { QueueView, type Line } from "./QueueView";

interface ReviewQueueProps<Row, Item> {
  queue: Queue<Row, Item>;
  line: (row: Row) => Line;
  /** The facts of an item, and its decisions. */
  children: (item: Item) => ReactNode;
  /** Whether decided ones can be listed, too. */
  hasHistory?: boolean;
}

export function ReviewQueue<Row extends { id: string }, Item>({
  queue,
  line,
  children,
  hasHistory,
}: ReviewQueueProps<Row, Item>) {
  const { all } = useSearch({ strict: false });
  const isAll = all === true;
  const list = paged(["admin", queue.name, isAll], (after, signal) => queue.page(after, signal, isAll));
  return (
    <QueueView
      query={useInfiniteQuery(list)}
      id={(row) => row.id}
      line={line}
      hasHistory={hasHistory}
      detail={(id) => (
        <Opened queue={queue} id={id}>
          {children}
        </Opened>
      )}
    />
  );
}

interface OpenedProps<Row, Item> extends Pick<ReviewQueueProps<Row, Item>, "queue" | "children"> {
  id: string;
}

function Opened<Row, Item>({ queue, id, children }: OpenedProps<Row, Item>) {
  const query = useQuery({
    queryKey: ["admin", queue.name, "item", id],
    queryFn: ({ signal }) => queue.item(id, signal),
  });
  return <Loaded query={query}>{(item) => <Stack gap="lg">{children(item)}</Stack>}</Loaded>;
}
