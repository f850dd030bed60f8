/* Rows of one kind, dense. The first cell opens a row, by pointer and by keyboard. */

import { Button, Center, Table, UnstyledButton, VisuallyHidden } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useCallback, type ReactNode } from "react";
import { useText } from "../lib/i18n";
import { ErrorState } from "./ErrorState";
import { messages } from "./messages";
import { Waiting } from "./Waiting";

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** What stands in the cells says it all: the title is for assistive technology only. */
  quiet?: boolean;
  /** Numbers stand to the right, so that their digits line up. */
  align?: "left" | "right";
  /** The narrowest screen that it is shown on; without, on all. */
  from?: "xs" | "sm" | "md" | "lg";
}

interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  id: (row: Row) => string;
  /** Opens a row; `selected` is the one that is open. */
  onOpen?: (row: Row) => void;
  selected?: string | undefined;
}

export function DataTable<Row>({ label, columns, rows, id, onOpen, selected }: DataTableProps<Row>) {
  // What scrolls must be reachable by keyboard: where rows open, they are.
  return (
    <Table.ScrollContainer minWidth={0} type="native" tabIndex={onOpen === undefined ? 0 : undefined}>
      <Table aria-label={label} highlightOnHover={onOpen !== undefined} className="data-table">
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.key} ta={column.align} data-align={column.align} visibleFrom={column.from} pos="relative">
                {column.quiet === true ? <VisuallyHidden>{column.title}</VisuallyHidden> : column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr
              key={id(row)}
              data-clickable={onOpen !== undefined || undefined}
              data-selected={id(row) === selected || undefined}
              onClick={onOpen && (() => onOpen(row))}
            >
              {columns.map((column, index) => (
                <Table.Td key={column.key} ta={column.align} data-align={column.align} visibleFrom={column.from}>
                  {index === 0 && onOpen !== undefined ? (
                    <UnstyledButton className="row-opener" aria-expanded={id(row) === selected}>
                      {column.cell(row)}
                    </UnstyledButton>
                  ) : (
                    column.cell(row)
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface PagedTableProps<Row> extends Omit<DataTableProps<Row>, "rows"> {
  query: UseInfiniteQueryResult<InfiniteData<{ data: Row[]; next?: string | null }>>;
  /** Instead of a table without rows. */
  empty: ReactNode;
}

/** A list that comes by pages: each page is one request. */
export function PagedTable<Row>({ query, empty, ...table }: PagedTableProps<Row>) {
  const t = useText(messages);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const retry = useCallback(() => void refetch(), [refetch]);
  if (data === undefined) return error === null ? <Waiting rows={10} /> : <ErrorState failure={error} retry={retry} />;
  const rows = data.pages.flatMap((page) => page.data);
  return (
    <>
      {error !== null && <ErrorState failure={error} retry={retry} />}
      {rows.length === 0 && !hasNextPage ? empty : <DataTable {...table} rows={rows} />}
      {hasNextPage && (
        <Center mt="md">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("more")}
          </Button>
        </Center>
      )}
    </>
  );
}
