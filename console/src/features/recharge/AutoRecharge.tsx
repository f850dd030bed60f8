/* Automatic recharges: what is agreed to, plainly, and a way to end it. */

import { Button, Checkbox, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import type { Answer } from "../../api/types";
import { Amount } from "../../components/Amount";
import { AmountInput } from "../../components/AmountInput";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { Facts } from "../../components/Facts";
import { useLanguage, useText } from "../../lib/i18n";
import { shortTime } from "../../lib/time";
import { messages } from "./messages";
import { autoRechargeQuery } from "./queries";

type Auto = Answer<"/api/auto-recharge">;

/** Nothing where it is not on offer. */
export function AutoRecharge() {
  const t = useText(messages);
  const auto = useQuery(autoRechargeQuery).data;
  if (auto === undefined || !auto.is_offered) return null;
  return (
    <section>
      <Title order={2}>{t("autoTitle")}</Title>
      <Text c="dimmed" mb="sm">
        {t("autoWhy")}
      </Text>
      {auto.off_reason !== "" && <Text mb="sm">{t("autoOff")}</Text>}
      {auto.is_on ? <Running auto={auto} /> : <Start auto={auto} />}
    </section>
  );
}

function Running({ auto }: { auto: Auto }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const end = useMutation({
    mutationFn: () => ask(api.DELETE("/api/auto-recharge")),
    onSuccess: (ended) => cache.setQueryData(autoRechargeQuery.queryKey, ended),
  });
  return (
    <Stack>
      {auto.agreed_at !== null && <Text>{t("autoOn", { time: shortTime(auto.agreed_at, language) })}</Text>}
      <Facts
        facts={[
          auto.threshold !== null && [t("threshold"), <Amount key="threshold" value={auto.threshold} />],
          auto.amount !== null && [t("autoAmount"), <Amount key="amount" value={auto.amount} />],
          auto.monthly_ceiling !== null && [t("ceiling"), <Amount key="ceiling" value={auto.monthly_ceiling} />],
        ]}
      />
      <ActionError failure={end.error} />
      <Group>
        <Button variant="default" loading={end.isPending} onClick={() => end.mutate()}>
          {t("autoEnd")}
        </Button>
      </Group>
    </Stack>
  );
}

function Start({ auto }: { auto: Auto }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const [terms, setTerms] = useState({ threshold: "5", amount: "20", monthly_ceiling: "100" });
  const [agreed, setAgreed] = useState(false);
  const kept = auto.kept_methods[0];
  const start = useMutation({
    mutationFn: (payment_id: string) =>
      ask(api.PUT("/api/auto-recharge", { body: { ...terms, payment_id, agreed: true } })),
    onSuccess: (running) => cache.setQueryData(autoRechargeQuery.queryKey, running),
  });
  const wrong = useFieldFailure(start.error, "threshold", "amount", "monthly_ceiling");
  if (kept === undefined) return <Text>{t("autoNeedsCard")}</Text>;
  const fields = [
    ["threshold", t("threshold")],
    ["amount", t("autoAmount")],
    ["monthly_ceiling", t("ceiling")],
  ] as const;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate(kept.payment_id);
      }}
    >
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          {fields.map(([name, label]) => (
            <AmountInput
              key={name}
              label={label}
              error={wrong.at[name]}
              required
              value={terms[name]}
              onChange={(amount) => setTerms({ ...terms, [name]: amount })}
            />
          ))}
        </SimpleGrid>
        <Checkbox
          required
          label={t("agree")}
          checked={agreed}
          onChange={(event) => setAgreed(event.currentTarget.checked)}
        />
        <ActionError failure={wrong.rest} money />
        <Group>
          <Button type="submit" variant="default" disabled={!agreed} loading={start.isPending}>
            {t("autoStart")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
