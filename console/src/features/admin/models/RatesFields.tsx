/* Prices: per token, with all that is priced beside it, or per call by the size of its input. */

import { SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../../lib/i18n";
import { CallRates } from "./CallRates";
import { messages } from "./messages";
import type { Rates } from "./queries";
import { newTier, perCall, perToken } from "./rates";
import { TokenRates } from "./TokenRates";

interface RatesFieldsProps {
  rates: Rates;
  onChange: (rates: Rates) => void;
  /** What a provider charges: the policy has no tiers for that. */
  isCost?: boolean;
}

export function RatesFields({ rates, onChange, isCost = false }: RatesFieldsProps) {
  const t = useText(messages);
  // Whoever looks at the other kind finds this one as it was.
  const [other, setOther] = useState<Rates | null>(null);
  const change = (kind: string) => {
    setOther(rates);
    if (other?.kind === kind) onChange(other);
    else onChange(kind === "per_call" ? perCall(isCost ? [newTier()] : null) : perToken());
  };
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t("priced")}
        data={[
          { value: "per_token", label: t("per_token") },
          { value: "per_call", label: t("per_call") },
        ]}
        value={rates.kind}
        onChange={change}
      />
      {rates.kind === "per_token" ? (
        <TokenRates rates={rates} onChange={onChange} />
      ) : (
        <CallRates rates={rates} onChange={onChange} isCost={isCost} />
      )}
    </Stack>
  );
}
