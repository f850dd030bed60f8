/* One channel: its trial, its switches, its keys without their secrets. */

import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { LinkAnchor } from "../../../components/links";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { duration } from "../../../lib/time";
import { DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { ChannelButtons } from "./ChannelButtons";
import { ChannelState } from "./ChannelState";
import { messages } from "./messages";
import { channelQuery, type Channel } from "./queries";
import { Trial } from "./Trial";

export function ChannelDetail({ name }: { name: string }) {
  return <Loaded query={useQuery(channelQuery(name))}>{(channel) => <Shown channel={channel} />}</Loaded>;
}

function Shown({ channel }: { channel: Channel }) {
  const t = useText(messages);
  const say = useText(words);
  const { caps, traffic } = channel;
  const isSimulator = channel.kind === "simulator";
  return (
    <Stack gap="lg">
      <ChannelButtons channel={channel} />
      <Facts
        facts={[
          [say("status"), <ChannelState key="state" channel={channel} />],
          typeof channel.healthy_again_s === "number" && [t("again"), duration(channel.healthy_again_s * 1000)],
          [t("provider"), channel.provider],
          [t("kind"), channel.kind],
          [t("baseUrl"), channel.base_url],
          channel.allow_private && [t("private"), "✓"],
          [t("dailyCap"), caps.daily_cap ? <Amount key="cap" value={caps.daily_cap} /> : t("noCap")],
          [t("concurrency"), caps.concurrency ?? t("noCap")],
          [t("answered"), traffic.answered],
          [t("rateLimited"), traffic.rate_limited],
          [t("authFaults"), traffic.auth_faults],
          [t("otherFaults"), traffic.faults + traffic.route_faults],
          [t("refusedThere"), traffic.refused],
        ]}
      />
      {!isSimulator && <Trial channel={channel} />}
      {!isSimulator && <Pool channel={channel} />}
      <section>
        <Title order={3}>{say("modelsSold")}</Title>
        {channel.models.length === 0 && <Text c="dimmed">{t("noModels")}</Text>}
        <Group gap="sm">
          {channel.models.map((model) => (
            <LinkAnchor key={model} to="/admin/models/$model" params={{ model }}>
              {model}
            </LinkAnchor>
          ))}
        </Group>
      </section>
    </Stack>
  );
}

function Pool({ channel }: { channel: Channel }) {
  const t = useText(messages);
  return (
    <section>
      <Title order={3}>{t("keys")}</Title>
      <Text c="dimmed" size="sm">
        {t("keysHint")}
      </Text>
      {channel.pool.map((key) => (
        <Group key={key.id} justify="space-between" mt="xs">
          <Group gap="xs">
            <Id value={key.id} />
            <Badge color={key.health === "open" ? "red" : "green"}>{t(key.health)}</Badge>
            <Time value={key.created_at} as="date" />
          </Group>
          {channel.pool.length > 1 && (
            <DeedButton
              small
              danger
              action={t("forget")}
              what={t("forgetWhat")}
              run={() =>
                ask(
                  api.DELETE("/admin/channels/{name}/keys/{key_id}", {
                    params: { path: { name: channel.name, key_id: key.id } },
                  }),
                )
              }
            />
          )}
        </Group>
      ))}
    </section>
  );
}
