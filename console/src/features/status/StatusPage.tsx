/* Whether models answer: today in words, ninety days as bars. */

import { Badge, Group, Stack, Text, Title, Tooltip } from "@mantine/core";
import { IconActivity } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Item } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { useLanguage, useText } from "../../lib/i18n";
import "./status.css";
import { messages } from "./messages";

type Family = Item<"/api/public/status">;

const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => ask(api.GET("/api/public/status", { signal })),
  refetchInterval: 60_000,
});

export function StatusPage() {
  const t = useText(messages);
  return (
    <Page title={t("title")} lead={t("lead")} wide>
      <Loaded query={useQuery(statusQuery)}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon={IconActivity} title={t("noneTitle")} />
          ) : (
            <Stack gap="xl">
              {data.map((family) => (
                <FamilyView key={family.family} family={family} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

const COLOURS = { good: "green", degraded: "yellow", down: "red", unknown: "gray" } as const;

function FamilyView({ family }: { family: Family }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const days = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const named = (day: string) => days.format(new Date(day));
  const first = family.days[0];
  const last = family.days.at(-1);
  const good = family.days.filter((day) => day.state === "good").length;
  return (
    <section>
      <Group justify="space-between" mb={6}>
        <Title order={2}>{family.family}</Title>
        <Badge color={COLOURS[family.state]}>{family.stopped ? t("stopped") : t(family.state)}</Badge>
      </Group>
      <div className="days" role="img" aria-label={t("days", { family: family.family, good })}>
        {family.days.map((day) => {
          const answered = day.answered_percent === null ? "" : ` · ${t("answered", { percent: day.answered_percent })}`;
          return (
            <Tooltip key={day.day} label={`${named(day.day)} · ${t(day.state)}${answered}`}>
              <span className="day" data-state={day.state} />
            </Tooltip>
          );
        })}
      </div>
      <Group justify="space-between" mt={4}>
        {[first, last].map((day) => day !== undefined && <Text key={day.day} size="xs" c="dimmed">{named(day.day)}</Text>)}
      </Group>
      <Text size="sm" c="dimmed" mt={2}>
        {family.models.join(", ")}
      </Text>
    </section>
  );
}
