/* Versions of the terms, and the next one. */

import { Badge, Group, Switch, Textarea } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Body } from "../../../api/types";
import { DataTable } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useLanguage, useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { MomentInput } from "../MomentInput";
import { WriteButton } from "../Writing";
import { LanguageFields } from "./LanguageFields";
import { messages } from "./messages";

type New = Body<"/admin/terms">;

const NOTHING = { title: "", body: "", summary: "" };
const LONGEST = 200_000;
const LONGEST_SUMMARY = 5_000;

const versionsQuery = queryOptions({
  queryKey: ["admin", "terms"],
  queryFn: ({ signal }) => ask(api.GET("/admin/terms", { signal })),
});

export function TermsVersions() {
  const t = useText(messages);
  const { language } = useLanguage();
  const [isMaking, setMaking] = useState(false);
  return (
    <>
      <Group justify="flex-end" mb="md">
        <WriteButton onClick={() => setMaking(true)}>{t("publish")}</WriteButton>
      </Group>
      <Loaded query={useQuery(versionsQuery)}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon={IconFileText} title={t("noTerms")} />
          ) : (
            <DataTable
              label={t("versions")}
              rows={data}
              id={(each) => String(each.version)}
              columns={[
                { key: "version", title: t("version"), cell: (each) => each.version },
                { key: "title", title: t("title"), cell: (each) => (each.texts[language] ?? each.texts.en)?.title },
                { key: "from", title: t("effective"), cell: (each) => <Time value={each.effective_at} /> },
                {
                  key: "material",
                  title: t("material"),
                  from: "sm",
                  cell: (each) => each.is_material && <Badge color="blue">{t("material")}</Badge>,
                },
              ]}
            />
          )
        }
      </Loaded>
      {isMaking && <Publish onClose={() => setMaking(false)} />}
    </>
  );
}

function Publish({ onClose }: { onClose: () => void }) {
  const t = useText(messages);
  const [texts, setTexts] = useState<New["texts"]>({});
  const [effectiveAt, setEffectiveAt] = useState<string | null>(null);
  const [isMaterial, setMaterial] = useState(true);
  return (
    <Deed
      title={t("publish")}
      action={t("publish")}
      what={t("publishWhat")}
      size="xl"
      disabled={effectiveAt === null}
      run={() =>
        ask(
          api.POST("/admin/terms", {
            body: { texts, effective_at: effectiveAt ?? "", is_material: isMaterial },
          }),
        )
      }
      onClose={onClose}
    >
      <LanguageFields
        texts={texts}
        onChange={setTexts}
        empty={NOTHING}
        rows={8}
        longest={LONGEST}
        more={(text, set) => (
          <Textarea
            label={t("summary")}
            description={t("summaryHint")}
            autosize
            minRows={2}
            maxLength={LONGEST_SUMMARY}
            mt="sm"
            value={text.summary}
            onChange={(event) => set({ summary: event.currentTarget.value })}
          />
        )}
      />
      <MomentInput label={t("effective")} required value={effectiveAt} onChange={setEffectiveAt} />
      <Switch label={t("isMaterial")} checked={isMaterial} onChange={(event) => setMaterial(event.currentTarget.checked)} />
    </Deed>
  );
}
