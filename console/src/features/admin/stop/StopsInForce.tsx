import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { ActionError } from "../../../components/ErrorState";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { useGuarded } from "../../session/proof";
import { messages } from "./messages";
import { stopsQuery, type Stop } from "./queries";

/** What is stopped, each with its end. */
export function StopsInForce({ stops }: { stops: readonly Stop[] }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const resume = useMutation({
    mutationFn: ({ scope, target }: Stop) =>
      guarded(() => ask(api.POST("/admin/stop/resume", { body: { scope, target } }))),
    onSuccess: (left) => cache.setQueryData(stopsQuery(true).queryKey, left),
  });
  if (stops.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={3}>{t("inForce")}</Title>
      {stops.map((stop) => (
        <Group key={`${stop.scope}:${stop.target}`} justify="space-between" wrap="nowrap">
          <Text>
            {t(stop.scope)} {stop.target} · {stop.reason} · <Time value={stop.since} as="relative" />
          </Text>
          <Button variant="default" size="xs" loading={resume.isPending} onClick={() => resume.mutate(stop)}>
            {t("resume")}
          </Button>
        </Group>
      ))}
      <ActionError failure={resume.error} />
    </Stack>
  );
}
