/* What was sent to a webhook and what came of it; each opens to the very data that was sent. */

import { Accordion, Badge, Button, Center, Code, Group, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Facts } from "../../components/Facts";
import { Id } from "../../components/Id";
import { Loaded } from "../../components/Loaded";
import { messages as common } from "../../components/messages";
import { Snippet } from "../../components/Snippet";
import { Time } from "../../components/Time";
import { Waiting } from "../../components/Waiting";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { deliveriesQuery, type Delivery } from "./queries";
import { answerOf } from "./Trial";

const COLOURS = { waiting: "blue", delivered: "green", failed: "red", cancelled: "gray" } as const;

export function Deliveries({ id }: { id: string }) {
  const t = useText(messages);
  const say = useText(common);
  const query = useInfiniteQuery(deliveriesQuery(id));
  return (
    <section>
      <Title order={3} mb="xs">
        {t("deliveries")}
      </Title>
      <Loaded query={query} waiting={<Waiting rows={3} />}>
        {({ pages }) =>
          pages[0]?.data.length === 0 ? (
            <Text c="dimmed">{t("noDeliveries")}</Text>
          ) : (
            <Accordion variant="separated" chevronPosition="right" order={4}>
              {pages.flatMap(({ data }) => data.map((each) => <Line key={each.id} delivery={each} />))}
            </Accordion>
          )
        }
      </Loaded>
      {query.hasNextPage && (
        <Center mt="md">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {say("more")}
          </Button>
        </Center>
      )}
    </section>
  );
}

function Line({ delivery }: { delivery: Delivery }) {
  const t = useText(messages);
  const { state } = delivery;
  return (
    <Accordion.Item value={delivery.id}>
      <Accordion.Control>
        <Group gap="xs">
          <Badge color={COLOURS[state]}>{t(state)}</Badge>
          <Code>{delivery.kind}</Code>
          <Text size="sm" c="dimmed">
            <Time value={delivery.created_at} as="relative" />
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="xs">
          <Facts
            facts={[
              [t("answer"), answerOf(delivery)],
              [t("attempts"), delivery.attempts],
              state === "waiting" && [t("next"), <Time key="next" value={delivery.next_at} />],
              [t("sentAt"), <Time key="at" value={delivery.created_at} />],
              [t("eventId"), <Id key="id" value={delivery.event_id} />],
            ]}
          />
          <Snippet code={JSON.stringify(delivery.data, null, 2)} label={t("payload")} />
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
