import { Text } from "@mantine/core";
import { useState } from "react";
import { download } from "../../../api/download";
import { fileSize, saveAs } from "../../../lib/file";
import { useLanguage, useText } from "../../../lib/i18n";
import { daysAgo } from "../../../lib/time";
import { Deed } from "../Deed";
import { MomentInput } from "../MomentInput";
import { messages } from "./messages";
import type { Account } from "./queries";

const USUAL_DAYS = 90;

/** The metadata of an account as a file for an authority: made first, then sent; long spans take a while. */
export function EvidenceDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const [since, setSince] = useState<string | null>(() => daysAgo(USUAL_DAYS));
  const [until, setUntil] = useState<string | null>(() => new Date().toISOString());
  const [received, setReceived] = useState<number | null>(null);
  const collect = async (reason: string) => {
    setReceived(0);
    try {
      const body = { account_id: account.id, since, until, reason };
      const bundle = await download({ path: "/admin/evidence", accept: "application/zip", body }, setReceived);
      saveAs(bundle, `evidence-${account.id}.zip`);
    } finally {
      setReceived(null);
    }
  };
  return (
    <Deed
      title={`${t("evidence")}: ${account.email}`}
      action={t("collect")}
      what={t("evidenceWhat")}
      reason="needed"
      disabled={since === null || until === null}
      run={collect}
      onClose={onClose}
    >
      <MomentInput label={t("from")} required value={since} onChange={setSince} />
      <MomentInput label={t("until")} required value={until} onChange={setUntil} />
      {received !== null && (
        <Text role="status" c="dimmed">
          {received === 0 ? t("collecting") : t("received", { size: fileSize(received, language) })}
        </Text>
      )}
    </Deed>
  );
}
