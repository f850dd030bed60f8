/* What this is, how it is called, and the first questions. */

import { Accordion, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useEffect } from "react";
import { LinkButton } from "../../components/links";
import { useText } from "../../lib/i18n";
import { useChatModels } from "../models/queries";
import { useBaseUrl, useSite } from "../site/queries";
import { FirstCall } from "../start/FirstCall";
import { messages } from "./messages";

export function LandingPage() {
  const t = useText(messages);
  const [model] = useChatModels();
  const base = `${useBaseUrl()}/v1`;
  const name = useSite()?.name ?? "Farebox";
  useEffect(() => {
    document.title = name;
  }, [name]);
  const points = [
    [t("point1"), t("text1")],
    [t("point2"), t("text2")],
    [t("point3"), t("text3")],
  ];
  const questions = [
    ["change", t("q1"), t("a1")],
    ["try", t("q2"), t("a2")],
    ["fail", t("q3"), t("a3")],
  ] as const;
  return (
    <Stack gap={64} py={{ base: "md", sm: 48 }}>
      <Stack gap="lg" maw={720}>
        <Title order={1} className="headline" fz={{ base: 30, sm: 40 }} lh={1.15}>
          {t("title")}
        </Title>
        <Text fz="lg" c="dimmed">
          {t("lead", { base })}
        </Text>
        <Group>
          <LinkButton to="/sign-up" size="md">
            {t("start")}
          </LinkButton>
          <LinkButton to="/models" size="md" variant="default">
            {t("models")}
          </LinkButton>
        </Group>
      </Stack>
      <section>
        <Title order={2} mb="sm">
          {t("call")}
        </Title>
        <FirstCall model={model} />
      </section>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xl">
        {points.map(([title, text]) => (
          <section key={title}>
            <Title order={2} mb={4}>
              {title}
            </Title>
            <Text c="dimmed">{text}</Text>
          </section>
        ))}
      </SimpleGrid>
      <section>
        <Title order={2} mb="sm">
          {t("questions")}
        </Title>
        <Accordion>
          {questions.map(([name, question, answer]) => (
            <Accordion.Item key={name} value={name}>
              <Accordion.Control>{question}</Accordion.Control>
              <Accordion.Panel>{answer}</Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      </section>
    </Stack>
  );
}
