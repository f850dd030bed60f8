/* Above every page of the operator's while anything is stopped. */

import { Alert, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import { stopsQuery, type Stop } from "./queries";
import { StopDialog } from "./StopDialog";

export function StopNotice() {
  const t = useText(messages);
  const [opened, { open, close }] = useDisclosure(false);
  const stops = useQuery(stopsQuery(false)).data?.stops ?? [];
  if (stops.length === 0) return null;
  const name = (stop: Stop) => (stop.scope === "all" ? t("all") : stop.target);
  return (
    <>
      <Alert color="red" icon={<IconHandStop />} mb="lg" role="status">
        <Group justify="space-between">
          <Text>{t("stopped", { what: stops.map(name).join(", ") })}</Text>
          <Button variant="default" size="xs" onClick={open}>
            {t("manage")}
          </Button>
        </Group>
      </Alert>
      {opened && <StopDialog onClose={close} />}
    </>
  );
}
