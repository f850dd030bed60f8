/* Asks the provider whether the channel works: how long each part took, and the scrubbed answer. */

import { Alert, Button, Group, Stack, TextInput, Title } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer } from "../../../api/types";
import { ActionError } from "../../../components/ErrorState";
import { Facts } from "../../../components/Facts";
import { Snippet } from "../../../components/Snippet";
import { useText } from "../../../lib/i18n";
import { duration } from "../../../lib/time";
import { messages } from "./messages";
import type { Channel } from "./queries";

type TrialResult = Answer<"/admin/channels/{name}/test", "post">;

export function Trial({ channel }: { channel: Channel }) {
  const t = useText(messages);
  const [model, setModel] = useState("");
  const trial = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/admin/channels/{name}/test", {
          params: { path: { name: channel.name } },
          body: { model: model.trim() || null },
        }),
      ),
  });
  return (
    <section>
      <Title order={3} mb="xs">
        {t("test")}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          trial.mutate();
        }}
      >
        <Group align="flex-end">
          <TextInput
            label={t("testModel")}
            description={t("testHint")}
            maxLength={256}
            value={model}
            onChange={(event) => setModel(event.currentTarget.value)}
            flex={1}
          />
          <Button type="submit" variant="light" loading={trial.isPending}>
            {t("testNow")}
          </Button>
        </Group>
      </form>
      <Stack mt="sm">
        <ActionError failure={trial.error} />
        {trial.data !== undefined && <Result result={trial.data} />}
      </Stack>
    </section>
  );
}

function Result({ result }: { result: TrialResult }) {
  const t = useText(messages);
  const time = (ms: number | null) => (ms === null ? "–" : duration(ms));
  return (
    <>
      <Alert
        role="status"
        color={result.ok ? "green" : "red"}
        icon={result.ok ? <IconCheck /> : <IconAlertTriangle />}
        title={result.ok ? t("works") : t("fails")}
      >
        {result.fault?.replaceAll("_", " ")}
      </Alert>
      <Facts
        facts={[
          result.status !== null && [t("httpStatus"), result.status],
          [t("connect"), time(result.connect_ms)],
          [t("firstByte"), time(result.first_byte_ms)],
          [t("total"), time(result.latency_ms)],
        ]}
      />
      {result.answer !== "" && <Snippet code={result.answer} label={t("answer")} />}
    </>
  );
}
