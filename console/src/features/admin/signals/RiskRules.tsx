/* The rules in force: from which value on which signal is raised, and what follows. */

import { Stack, Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { Facts } from "../../../components/Facts";
import { Loaded } from "../../../components/Loaded";
import { useLanguage, useText } from "../../../lib/i18n";
import { timeSpan } from "../../../lib/time";
import { Value } from "../values/Value";
import { messages } from "./messages";

const rulesQuery = queryOptions({
  queryKey: ["admin", "signals", "rules"],
  queryFn: ({ signal }) => ask(api.GET("/admin/signals/rules", { signal })),
});

export function RiskRules() {
  const t = useText(messages);
  const { language } = useLanguage();
  return (
    <Stack>
      <Text c="dimmed">{t("rulesWhat")}</Text>
      <Loaded query={useQuery(rulesQuery)}>
        {(rules) =>
          rules.length === 0
            ? t("noRules")
            : rules.map((rule) => (
                <section key={`${rule.signal} ${rule.action}`}>
                  <Text fw={600}>
                    <Value of={rule.signal} />
                  </Text>
                  <Facts
                    facts={[
                      [t("threshold"), rule.threshold],
                      [t("within"), timeSpan(rule.window_minutes, language)],
                      rule.least > 0 && [t("least"), rule.least],
                      [t("action"), t(`action_${rule.action}`)],
                    ]}
                  />
                </section>
              ))
        }
      </Loaded>
    </Stack>
  );
}
