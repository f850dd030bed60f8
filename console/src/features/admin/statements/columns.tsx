import { Anchor, Group } from "@mantine/core";
import type { Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import type { Column } from "../../../components/DataTable";
import { useLanguage, useText } from "../../../lib/i18n";
import { messages } from "./messages";

export type MonthlyStatement = Item<"/admin/statements">;

export function useStatementColumns(): readonly Column<MonthlyStatement>[] {
  const t = useText(messages);
  const { language } = useLanguage();
  return [
    { key: "month", title: t("month"), cell: (statement) => statement.month },
    { key: "number", title: t("number"), align: "right", cell: (statement) => statement.number },
    { key: "opening", title: t("opening"), align: "right", from: "sm", cell: (each) => <Amount value={each.opening} /> },
    { key: "closing", title: t("closing"), align: "right", from: "xs", cell: (each) => <Amount value={each.closing} /> },
    {
      key: "files",
      title: t("files"),
      align: "right",
      cell: ({ id }) => (
        <Group gap="sm" justify="flex-end" wrap="nowrap">
          <Anchor href={`/admin/statements/${id}.html?language=${language}`} target="_blank" inherit>
            {t("print")}
          </Anchor>
          <Anchor href={`/admin/statements/${id}.csv?bom=true`} download inherit>
            {t("csv")}
          </Anchor>
        </Group>
      ),
    },
  ];
}
