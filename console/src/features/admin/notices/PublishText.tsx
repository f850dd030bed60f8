/* The next version of a text: it begins as what is in force now. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Body } from "../../../api/types";
import { Loaded } from "../../../components/Loaded";
import { useText } from "../../../lib/i18n";
import type { TextKind } from "../../legal/published/kinds";
import { messages as names } from "../../legal/published/messages";
import { siteQuery } from "../../site/queries";
import { Deed } from "../Deed";
import { LanguageFields } from "./LanguageFields";
import { messages } from "./messages";
import { versionQuery } from "./ReadText";

type Texts = Body<"/admin/texts">["texts"];

const NOTHING = { title: "", body: "" };
const LONGEST = 200_000;

interface PublishTextProps {
  kind: TextKind;
  /** The version in force. */
  last: number | undefined;
  onClose: () => void;
}

export function PublishText({ kind, last, onClose }: PublishTextProps) {
  const t = useText(messages);
  const name = useText(names);
  const cache = useQueryClient();
  const [changed, setChanged] = useState<Texts | null>(null);
  const before = useQuery({ ...versionQuery(kind, last ?? 0), enabled: last !== undefined });
  const isBegun = last === undefined || before.data !== undefined;
  const texts = changed ?? before.data?.texts ?? {};
  return (
    <Deed
      title={t("publishTextTitle", { kind: name(kind) })}
      action={t("publishText")}
      what={t("publishTextWhat")}
      size="xl"
      disabled={changed === null}
      run={() => ask(api.POST("/admin/texts", { body: { kind, texts } }))}
      // The foot of public pages leads to what is published.
      onDone={() => void cache.invalidateQueries({ queryKey: siteQuery.queryKey })}
      onClose={onClose}
    >
      {isBegun ? (
        <LanguageFields texts={texts} onChange={setChanged} empty={NOTHING} rows={10} longest={LONGEST} />
      ) : (
        <Loaded query={before}>{() => null}</Loaded>
      )}
    </Deed>
  );
}
