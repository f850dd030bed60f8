/* Privacy, refund rules and imprint: what is in force, the next version, and what was said before. */

import { Stack, Title } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Item } from "../../../api/types";
import { DataTable, type Column } from "../../../components/DataTable";
import { Loaded } from "../../../components/Loaded";
import { SideDrawer } from "../../../components/SideDrawer";
import { Time } from "../../../components/Time";
import { useLanguage, useText } from "../../../lib/i18n";
import { TEXT_PAGES, type TextKind } from "../../legal/published/kinds";
import { messages as names } from "../../legal/published/messages";
import { messages as words } from "../messages";
import { WriteButton } from "../Writing";
import { messages } from "./messages";
import { PublishText } from "./PublishText";
import { ReadText } from "./ReadText";

const route = getRouteApi("/admin/operation/$area");

type Version = Item<"/admin/texts">;

const textsQuery = queryOptions({
  queryKey: ["admin", "texts"],
  queryFn: ({ signal }) => ask(api.GET("/admin/texts", { signal })),
});

export function SiteTexts() {
  const t = useText(messages);
  const { text: shown } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (text: string | undefined) => void navigate({ search: { text } });
  const columns = useVersionColumns();
  return (
    <Loaded query={useQuery(textsQuery)}>
      {({ data }) => {
        const read = data.find((each) => idOf(each) === shown);
        return (
          <Stack gap="xl">
            <Kinds versions={data} />
            {data.length > 0 && (
              <section>
                <Title order={2} mb="sm">
                  {t("allVersions")}
                </Title>
                <DataTable
                  label={t("allVersions")}
                  columns={columns}
                  rows={data}
                  id={idOf}
                  onOpen={(each) => open(idOf(each))}
                  selected={shown}
                />
              </section>
            )}
            <SideDrawer
              opened={read !== undefined}
              onClose={() => open(undefined)}
              title={read !== undefined && <VersionName of={read} />}
            >
              {read !== undefined && <ReadText key={idOf(read)} kind={read.kind} version={read.version} />}
            </SideDrawer>
          </Stack>
        );
      }}
    </Loaded>
  );
}

function idOf(version: Version): string {
  return `${version.kind}.${version.version}`;
}

function VersionName({ of: { kind, version } }: { of: Version }) {
  const t = useText(messages);
  const name = useText(names);
  return t("versionOf", { kind: name(kind), version });
}

/** All kinds there are, also those of which nothing was published. */
function Kinds({ versions }: { versions: readonly Version[] }) {
  const t = useText(messages);
  const say = useText(words);
  const name = useText(names);
  const [publishing, setPublishing] = useState<TextKind | null>(null);
  const newest = (kind: TextKind) => versions.find((each) => each.kind === kind);
  const columns: Column<TextKind>[] = [
    { key: "kind", title: t("kind"), cell: (kind) => name(kind) },
    {
      key: "inForce",
      title: t("inForce"),
      cell: (kind) => {
        const found = newest(kind);
        if (found === undefined) return "–";
        return (
          <>
            {t("versionNumber", { version: found.version })} · <Time value={found.published_at} as="date" />
          </>
        );
      },
    },
    {
      key: "deeds",
      title: say("actions"),
      align: "right",
      cell: (kind) => (
        <WriteButton variant="default" size="xs" onClick={() => setPublishing(kind)}>
          {newest(kind) === undefined ? t("publishText") : t("publishNext")}
        </WriteButton>
      ),
    },
  ];
  return (
    <>
      <DataTable label={t("kinds")} columns={columns} rows={TEXT_PAGES.map(({ kind }) => kind)} id={(kind) => kind} />
      {publishing !== null && (
        <PublishText kind={publishing} last={newest(publishing)?.version} onClose={() => setPublishing(null)} />
      )}
    </>
  );
}

function useVersionColumns(): readonly Column<Version>[] {
  const t = useText(messages);
  const { language } = useLanguage();
  return [
    { key: "version", title: t("version"), cell: (each) => <VersionName of={each} /> },
    { key: "title", title: t("title"), from: "sm", cell: ({ titles }) => titles[language] ?? titles["en"] },
    { key: "languages", title: t("languages"), from: "lg", cell: ({ titles }) => Object.keys(titles).join(", ") },
    { key: "at", title: t("publishedAt"), cell: (each) => <Time value={each.published_at} /> },
  ];
}
