import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { DataTable, type Column } from "../../../components/DataTable";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

interface SectionProps<Row> {
  title: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  id: (row: Row) => string;
}

/** A list of the account's page; that there is nothing is said, too. */
export function Section<Row>({ title, rows, columns, id }: SectionProps<Row>): ReactNode {
  const t = useText(messages);
  return (
    <section>
      <Title order={2} mb="xs">
        {title}
      </Title>
      {rows.length === 0 ? (
        <Text c="dimmed">{t("nothing")}</Text>
      ) : (
        <DataTable label={title} rows={rows} columns={columns} id={id} />
      )}
    </section>
  );
}
