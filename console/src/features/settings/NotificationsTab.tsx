import { Button, Checkbox, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import type { Answer, Body } from "../../api/types";
import { ActionError } from "../../components/ErrorState";
import { LinkAnchor } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Waiting } from "../../components/Waiting";
import { useText } from "../../lib/i18n";
import { mayManageMoney, useSession } from "../session/queries";
import { messages } from "./messages";
import { NOTICES } from "./notices";
import { preferencesQuery, watchQuery } from "./queries";
import { useSaved } from "./useSaved";

type Kind = Body<"/api/notices/preferences", "put">["muted"][number];

export function NotificationsTab() {
  const t = useText(messages);
  return (
    <Stack gap={40}>
      <Loaded query={useQuery(preferencesQuery)} waiting={<Waiting rows={4} />}>
        {(preferences) => <Mail preferences={preferences} />}
      </Loaded>
      <Loaded query={useQuery(watchQuery)} waiting={<Waiting rows={3} />}>
        {(watch) => <Watch watch={watch} />}
      </Loaded>
      <Text>
        {t("webhooksWhat")}{" "}
        <LinkAnchor to="/dashboard/webhooks" underline="always">
          {t("webhooks")}
        </LinkAnchor>
      </Text>
    </Stack>
  );
}

function Mail({ preferences }: { preferences: Answer<"/api/notices/preferences"> }) {
  const t = useText(messages);
  const say = useText(NOTICES);
  const cache = useQueryClient();
  const save = useMutation({
    mutationFn: (muted: Kind[]) => ask(api.PUT("/api/notices/preferences", { body: { muted } })),
    onSuccess: (saved) => cache.setQueryData(preferencesQuery.queryKey, saved),
  });
  const set = (kind: Kind, wanted: boolean) => {
    const others = (preferences.muted).filter((each) => each !== kind);
    save.mutate(wanted ? others : [...others, kind]);
  };
  return (
    <section>
      <Title order={2}>{t("noticesTitle")}</Title>
      <Text c="dimmed" mb="sm">
        {t("noticesWhat")}
      </Text>
      <Stack gap="sm">
        {(preferences.switchable).map((kind) => (
          <Checkbox
            key={kind}
            label={say(kind)}
            checked={!preferences.muted.includes(kind)}
            disabled={save.isPending}
            onChange={(event) => set(kind, event.currentTarget.checked)}
          />
        ))}
        <ActionError failure={save.error} />
      </Stack>
    </section>
  );
}

const MARKS = ["low_balance", "daily_spend", "monthly_spend"] as const;

function Watch({ watch }: { watch: Answer<"/api/notices/watch"> }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const saved = useSaved();
  const mayChange = mayManageMoney(useSession());
  const [marks, setMarks] = useState(watch);
  const save = useMutation({
    mutationFn: () => ask(api.PUT("/api/notices/watch", { body: marks })),
    onSuccess: (now) => {
      cache.setQueryData(watchQuery.queryKey, now);
      saved();
    },
  });
  return (
    <section>
      <Title order={2} mb="sm">
        {t("watchTitle")}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack maw={360}>
          {MARKS.map((mark) => (
            <TextInput
              key={mark}
              label={t(mark)}
              placeholder={t("nothing")}
              inputMode="decimal"
              readOnly={!mayChange}
              value={marks[mark] ?? ""}
              onChange={(event) => setMarks({ ...marks, [mark]: event.currentTarget.value.trim() || null })}
            />
          ))}
          <ActionError failure={save.error} />
          {mayChange && (
            <Group>
              <Button type="submit" variant="default" loading={save.isPending}>
                {t("save")}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </section>
  );
}
