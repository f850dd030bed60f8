/* The emergency stop: say what and why, see what it meets, then turn a switch. */

import { Anchor, Autocomplete, Button, Checkbox, Group, Modal, Select, Stack, Switch, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer, Body } from "../../../api/types";
import { ActionError } from "../../../components/ErrorState";
import { Loaded } from "../../../components/Loaded";
import { messages as common } from "../../../components/messages";
import { useText } from "../../../lib/i18n";
import { useGuarded } from "../../session/proof";
import { channelsQuery } from "../channels/queries";
import { messages as words } from "../messages";
import { modelsQuery } from "../models/queries";
import { messages } from "./messages";
import { stopsQuery, type Stops } from "./queries";
import { StopsInForce } from "./StopsInForce";

type Wanted = Body<"/admin/stop/prepare">;
type Prepared = Answer<"/admin/stop/prepare", "post">;

const SCOPES = ["all", "provider", "channel", "model"] as const;

export function StopDialog({ onClose }: { onClose: () => void }) {
  const t = useText(messages);
  const say = useText(common);
  const query = useQuery(stopsQuery(true));
  const [prepared, setPrepared] = useState<Prepared | null>(null);
  return (
    <Modal opened onClose={onClose} title={t("open")} closeButtonProps={{ "aria-label": say("close") }}>
      <Loaded query={query}>
        {(stops) => (
          <Stack>
            <Text c="dimmed">{t("lead")}</Text>
            <Text role="status" fw={600}>
              {t("running", { count: stops.running_jobs })}
            </Text>
            {prepared === null ? (
              <PrepareForm onPrepared={setPrepared} onLeave={onClose} />
            ) : (
              <Confirming prepared={prepared} onBack={() => setPrepared(null)} onStopped={onClose} />
            )}
            <StopsInForce stops={stops.stops} />
          </Stack>
        )}
      </Loaded>
    </Modal>
  );
}

interface PrepareFormProps {
  onPrepared: (prepared: Prepared) => void;
  onLeave: () => void;
}

function PrepareForm({ onPrepared, onLeave }: PrepareFormProps) {
  const t = useText(messages);
  const say = useText(words);
  const navigate = useNavigate();
  const [wanted, setWanted] = useState<Wanted>({ scope: "all", target: "", reason: "", now: false });
  const targets = useTargets(wanted.scope);
  const change = (part: Partial<Wanted>) => setWanted((now) => ({ ...now, ...part }));
  const prepare = useMutation({
    mutationFn: () => ask(api.POST("/admin/stop/prepare", { body: wanted })),
    onSuccess: onPrepared,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        prepare.mutate();
      }}
    >
      <Stack>
        <Select
          label={t("scope")}
          data={SCOPES.map((scope) => ({ value: scope, label: t(scope) }))}
          value={wanted.scope}
          allowDeselect={false}
          onChange={(scope) => change({ scope: SCOPES.find((each) => each === scope) ?? "all", target: "" })}
        />
        <Text c="dimmed" size="sm">
          {t("oneAccount")}{" "}
          <Anchor
            component="button"
            type="button"
            onClick={() => {
              onLeave();
              void navigate({ to: "/admin/accounts" });
            }}
          >
            {say("accounts")}
          </Anchor>
        </Text>
        {wanted.scope !== "all" && (
          <Autocomplete
            label={t("target")}
            required
            maxLength={200}
            data={targets}
            value={wanted.target}
            onChange={(target) => change({ target })}
          />
        )}
        <Textarea
          label={t("reason")}
          description={t("reasonHint")}
          required
          data-autofocus
          autoFocus
          maxLength={500}
          autosize
          minRows={2}
          value={wanted.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
        <Checkbox
          label={t("now")}
          checked={wanted.now}
          onChange={(event) => change({ now: event.currentTarget.checked })}
        />
        <ActionError failure={prepare.error} />
        <Group justify="flex-end">
          <Button type="submit" color="red" variant="light" loading={prepare.isPending}>
            {t("prepare")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The names there are, so that nobody has to remember one in a hurry; any other can be typed. */
function useTargets(scope: Wanted["scope"]): string[] {
  const channels = useQuery({ ...channelsQuery, enabled: scope === "provider" || scope === "channel" });
  const models = useQuery({ ...modelsQuery, enabled: scope === "model" });
  if (scope === "model") return models.data?.data.map((model) => model.name) ?? [];
  const found = channels.data?.data ?? [];
  return [...new Set(found.map((channel) => (scope === "provider" ? channel.provider : channel.name)))];
}

interface ConfirmingProps {
  prepared: Prepared;
  onBack: () => void;
  onStopped: () => void;
}

function Confirming({ prepared, onBack, onStopped }: ConfirmingProps) {
  const t = useText(messages);
  const cache = useQueryClient();
  const guarded = useGuarded();
  const [isMeant, setMeant] = useState(false);
  const stop = useMutation({
    mutationFn: () => guarded(() => ask(api.POST("/admin/stop", { body: { token: prepared.token } }))),
    onSuccess: (stops: Stops) => {
      cache.setQueryData(stopsQuery(true).queryKey, stops);
      onStopped();
    },
  });
  return (
    <Stack>
      <Text>{t("meets", { count: prepared.running_jobs })}</Text>
      <Switch
        label={t("meant")}
        color="red"
        checked={isMeant}
        onChange={(event) => setMeant(event.currentTarget.checked)}
      />
      <ActionError failure={stop.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          {t("back")}
        </Button>
        <Button color="red" disabled={!isMeant} loading={stop.isPending} onClick={() => stop.mutate()}>
          {t("stop")}
        </Button>
      </Group>
    </Stack>
  );
}
