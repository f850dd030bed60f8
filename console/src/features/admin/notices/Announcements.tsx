/* Announcements: what is shown, what will be, what was. */

import { Badge, Checkbox, Group, Select, SimpleGrid } from "@mantine/core";
import { IconSpeakerphone } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Body, Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Time } from "../../../components/Time";
import { useLanguage, useText } from "../../../lib/i18n";
import { Deed, DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { MomentInput } from "../MomentInput";
import { WriteButton } from "../Writing";
import { LanguageFields } from "./LanguageFields";
import { messages } from "./messages";

type Announcement = Item<"/admin/announcements">;
type New = Body<"/admin/announcements">;

const KINDS = ["general", "maintenance", "price_change", "terms"] as const satisfies readonly New["kind"][];
const AUDIENCES = ["none", "all", "with_balance"] as const satisfies readonly New["mail"][];
const NOTHING = { title: "", body: "" };
const LONGEST = 5_000;

const announcementsQuery = paged(["admin", "announcements"], (after, signal) =>
  ask(api.GET("/admin/announcements", { params: { query: { after } }, signal })),
);

export function Announcements() {
  const t = useText(messages);
  const [isMaking, setMaking] = useState(false);
  const make = <WriteButton onClick={() => setMaking(true)}>{t("announce")}</WriteButton>;
  return (
    <>
      <Group justify="flex-end" mb="md">
        {make}
      </Group>
      <PagedTable
        label={t("announcements")}
        columns={useColumns()}
        query={useInfiniteQuery(announcementsQuery)}
        id={(each) => each.id}
        empty={<EmptyState icon={IconSpeakerphone} title={t("noAnnouncements")} />}
      />
      {isMaking && <Announce onClose={() => setMaking(false)} />}
    </>
  );
}

function useColumns(): readonly Column<Announcement>[] {
  const t = useText(messages);
  const say = useText(words);
  const { language } = useLanguage();
  return [
    { key: "title", title: t("title"), cell: (each) => (each.texts[language] ?? each.texts.en)?.title },
    { key: "kind", title: t("kind"), from: "sm", cell: (each) => t(each.kind) },
    { key: "from", title: t("shownFrom"), from: "md", cell: (each) => <Time value={each.shown_from} /> },
    {
      key: "state",
      title: say("status"),
      cell: (each) => (
        <Group gap={4}>
          {each.withdrawn_at === null ? <Badge color="green">{t("published")}</Badge> : <Badge color="gray">{t("withdrawn")}</Badge>}
          {each.is_banner && <Badge color="blue">{t("banner")}</Badge>}
        </Group>
      ),
    },
    {
      key: "deeds",
      title: say("actions"),
      align: "right",
      cell: (each) =>
        each.withdrawn_at === null && (
          <DeedButton
            small
            action={t("withdraw")}
            what={t("withdrawWhat")}
            run={() =>
              ask(
                api.POST("/admin/announcements/{announcement_id}/withdraw", {
                  params: { path: { announcement_id: each.id } },
                }),
              )
            }
          />
        ),
    },
  ];
}

function Announce({ onClose }: { onClose: () => void }) {
  const t = useText(messages);
  const [wanted, setWanted] = useState<New>({ kind: "general", texts: {}, is_banner: true, mail: "none" });
  const change = (part: Partial<New>) => setWanted((now) => ({ ...now, ...part }));
  return (
    <Deed
      title={t("announce")}
      action={t("announce")}
      size="lg"
      run={() => ask(api.POST("/admin/announcements", { body: wanted }))}
      onClose={onClose}
    >
      <Select
        label={t("kind")}
        data={KINDS.map((kind) => ({ value: kind, label: t(kind) }))}
        allowDeselect={false}
        value={wanted.kind}
        onChange={(kind) => change({ kind: KINDS.find((each) => each === kind) ?? "general" })}
      />
      <LanguageFields
        texts={wanted.texts}
        onChange={(texts) => change({ texts })}
        empty={NOTHING}
        rows={3}
        longest={LONGEST}
        bodyOptional
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <MomentInput label={t("shownFrom")} description={t("now")} value={wanted.shown_from} onChange={(shown_from) => change({ shown_from })} />
        <MomentInput label={t("shownUntil")} description={t("noEnd")} value={wanted.shown_until} onChange={(shown_until) => change({ shown_until })} />
      </SimpleGrid>
      {wanted.kind === "maintenance" && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <MomentInput label={t("startsAt")} value={wanted.starts_at} onChange={(starts_at) => change({ starts_at })} />
          <MomentInput label={t("endsAt")} value={wanted.ends_at} onChange={(ends_at) => change({ ends_at })} />
        </SimpleGrid>
      )}
      <Checkbox
        label={t("asBanner")}
        checked={wanted.is_banner}
        onChange={(event) => change({ is_banner: event.currentTarget.checked })}
      />
      <Select
        label={t("byMail")}
        data={AUDIENCES.map((each) => ({ value: each, label: t(`mail_${each}`) }))}
        allowDeselect={false}
        value={wanted.mail}
        onChange={(mail) => change({ mail: AUDIENCES.find((each) => each === mail) ?? "none" })}
      />
    </Deed>
  );
}
