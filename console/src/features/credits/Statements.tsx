import { Anchor, Group, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Amount } from "../../components/Amount";
import { PagedTable, type Column } from "../../components/DataTable";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import { statementsQuery, type Statement } from "./queries";

/** Monthly statements, once there are any. */
export function Statements() {
  const t = useText(messages);
  const { language } = useLanguage();
  const query = useInfiniteQuery(statementsQuery);
  const columns: Column<Statement>[] = [
    { key: "month", title: t("monthOf"), cell: (statement) => statement.month },
    { key: "number", title: t("number"), from: "sm", cell: (statement) => statement.number },
    {
      key: "opening",
      title: t("opening"),
      align: "right",
      from: "sm",
      cell: (statement) => <Amount value={statement.opening} />,
    },
    { key: "closing", title: t("closing"), align: "right", cell: (statement) => <Amount value={statement.closing} /> },
    {
      key: "files",
      title: t("files"),
      align: "right",
      cell: ({ id, month }) => (
        <Group gap="sm" justify="flex-end">
          <Anchor href={`/api/statements/${id}.html?language=${language}`} target="_blank" inherit>
            {t("print")}
          </Anchor>
          <Anchor href={`/api/statements/${id}.csv?bom=true`} download inherit>
            CSV
          </Anchor>
          <Anchor href={`/api/statements/${id}`} download={`statement-${month}.json`} inherit>
            JSON
          </Anchor>
        </Group>
      ),
    },
  ];
  if (query.data?.pages[0]?.data.length === 0) return null;
  return (
    <section>
      <Title order={2} mb="sm">
        {t("statements")}
      </Title>
      <PagedTable
        label={t("statements")}
        columns={columns}
        query={query}
        id={(statement) => statement.id}
        empty={null}
      />
    </section>
  );
}
