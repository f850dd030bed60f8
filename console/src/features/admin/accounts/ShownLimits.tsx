import { Stack } from "@mantine/core";
import { Amount } from "../../../components/Amount";
import { useLanguage, useText } from "../../../lib/i18n";
import { messages } from "./messages";
import type { Account } from "./queries";

const COUNTS = ["requests_per_minute", "tokens_per_minute", "concurrency"] as const;
const SPENDS = ["daily_spend", "monthly_spend", "total_spend"] as const;

/** The limits that are set, one below the other. */
export function ShownLimits({ limits }: { limits: Account["limits"] }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const count = new Intl.NumberFormat(language);
  const counts = COUNTS.filter((name) => typeof limits[name] === "number");
  const spends = SPENDS.filter((name) => typeof limits[name] === "string");
  if (counts.length + spends.length === 0) return t("noLimits");
  return (
    <Stack gap={2}>
      {counts.map((name) => (
        <span key={name}>
          {t(name)}: {count.format(limits[name] ?? 0)}
        </span>
      ))}
      {spends.map((name) => (
        <span key={name}>
          {t(name)}: <Amount value={limits[name] ?? "0"} />
        </span>
      ))}
    </Stack>
  );
}
