/* Providers, each with the caps over all its channels: what may be lost when one of its accounts is. */

import { Badge, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Loaded } from "../../../components/Loaded";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages as words } from "../messages";
import { WriteButton } from "../Writing";
import { CapsFields } from "./CapsFields";
import { messages } from "./messages";
import { providersQuery, type Provider } from "./queries";

export function Providers() {
  const t = useText(messages);
  return (
    <Stack>
      <Text c="dimmed">{t("providersWhat")}</Text>
      <Loaded query={useQuery(providersQuery)}>
        {({ data }) =>
          data.length === 0 ? (
            <Text c="dimmed">{t("noProviders")}</Text>
          ) : (
            data.map((provider) => <OneProvider key={provider.name} provider={provider} />)
          )
        }
      </Loaded>
    </Stack>
  );
}

function OneProvider({ provider }: { provider: Provider }) {
  const t = useText(messages);
  const say = useText(words);
  const [isCapping, setCapping] = useState(false);
  const { caps } = provider;
  return (
    <section aria-label={provider.name}>
      <Group justify="space-between">
        <Group gap="xs">
          <Text fw={600}>{provider.name}</Text>
          {provider.stopped && <Badge color="red">{t("stopped")}</Badge>}
        </Group>
        <WriteButton variant="default" size="xs" onClick={() => setCapping(true)}>
          {t("caps")}
        </WriteButton>
      </Group>
      <Facts
        facts={[
          [say("channels"), provider.channels.join(", ") || "–"],
          [t("dailyCap"), caps.daily_cap ? <Amount key="cap" value={caps.daily_cap} /> : t("noCap")],
          [t("concurrency"), caps.concurrency ?? t("noCap")],
        ]}
      />
      {isCapping && <ProviderCaps provider={provider} onClose={() => setCapping(false)} />}
    </section>
  );
}

function ProviderCaps({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const t = useText(messages);
  const [caps, setCaps] = useState(provider.caps);
  return (
    <Deed
      title={`${t("caps")}: ${provider.name}`}
      action={t("save")}
      what={t("providerCapsWhat")}
      run={() => ask(api.PUT("/admin/providers/{name}/caps", { params: { path: { name: provider.name } }, body: caps }))}
      onClose={onClose}
    >
      <CapsFields caps={caps} onChange={setCaps} />
    </Deed>
  );
}
