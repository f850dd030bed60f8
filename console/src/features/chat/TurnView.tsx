/* One question and its answers, each with what it cost. */

import { Button, Group, Image, Loader, Paper, SimpleGrid, Spoiler, Stack, Text } from "@mantine/core";
import { lazy, memo, Suspense } from "react";
import { Amount } from "../../components/Amount";
import { CopyButton } from "../../components/CopyButton";
import { LinkAnchor } from "../../components/links";
import { isAmount } from "../../lib/amount";
import { useLanguage, useText } from "../../lib/i18n";
import { useRefusedWhy } from "../logs/refusals/useRefusedWhy";
import type { Answer } from "./assembly";
import { Charged, Unmoved } from "./Charged";
import type { Turn } from "./conversation";
import { messages } from "./messages";

// Markdown and its highlighting are large, and only this page needs them.
const MarkdownText = lazy(() => import("./Markdown"));
const FOLDED_PX = 60;

interface TurnViewProps {
  turn: Turn;
  isIdle: boolean;
  onAgain: () => void;
  onEdit: () => void;
}

export function TurnView({ turn, isIdle, onAgain, onEdit }: TurnViewProps) {
  const t = useText(messages);
  const { question, answers } = turn;
  return (
    <Stack gap="sm">
      <Paper className="question">
        <Text size="sm" fw={600} mb={4}>
          {t("you")}
        </Text>
        <Text className="as-written">{question.text}</Text>
        {question.images.length > 0 && (
          <Group mt="xs">
            {question.images.map((image, index) => (
              <Image
                key={index}
                src={image}
                alt={t("picture", { number: index + 1 })}
                h={120}
                w="auto"
                radius="sm"
              />
            ))}
          </Group>
        )}
      </Paper>
      <SimpleGrid cols={{ base: 1, md: answers.length }}>
        {answers.map((answer, place) => (
          <AnswerView key={place} answer={answer} />
        ))}
      </SimpleGrid>
      {isIdle && (
        <Group gap="xs">
          <Button variant="subtle" size="compact-sm" onClick={onAgain}>
            {t("again")}
          </Button>
          <Button variant="subtle" size="compact-sm" onClick={onEdit}>
            {t("edit")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** What has been answered stays as it is while another answer streams. */
const AnswerView = memo(function AnswerView({ answer }: { answer: Answer }) {
  const t = useText(messages);
  return (
    <section aria-label={answer.model} aria-busy={answer.state === "streaming"}>
      <Text size="sm" fw={600} mb={4}>
        {answer.model}
      </Text>
      {answer.reasoning !== "" && (
        <Spoiler maxHeight={FOLDED_PX} showLabel={t("thinking")} hideLabel={t("thinking")} mb="sm">
          <Text size="sm" c="dimmed" className="as-written">
            {answer.reasoning}
          </Text>
        </Spoiler>
      )}
      <Suspense fallback={<Text className="as-written">{answer.text}</Text>}>
        <MarkdownText text={answer.text} />
      </Suspense>
      {answer.state === "streaming" && answer.text === "" && <Loader size="xs" type="dots" aria-hidden />}
      <div role="status">
        {answer.state === "stopped" && <Text c="dimmed">{t("stopped")}</Text>}
        {answer.state === "failed" && <Failed answer={answer} />}
      </div>
      {answer.state !== "streaming" && <Cost answer={answer} />}
    </section>
  );
});

/** In the reader's language where the code says it all; the API's own words, which are English, on hover. */
function Failed({ answer: { failure, code } }: { answer: Answer }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const why = useRefusedWhy()(code ?? "");
  const told = language === "en" ? (failure ?? why) : (why ?? failure);
  return (
    <Text c="red" title={failure}>
      {told ?? t("brokeOff")}
    </Text>
  );
}

function Cost({ answer }: { answer: Answer }) {
  const t = useText(messages);
  const { cost, inputTokens, outputTokens, job } = answer;
  return (
    <Group gap="sm" mt="xs">
      {answer.text !== "" && <CopyButton value={answer.text} />}
      {cost !== undefined && isAmount(cost) && (
        <Text size="sm" c="dimmed">
          <Amount value={cost} />
        </Text>
      )}
      {cost === undefined && job !== undefined && <Charged job={job} />}
      {cost === undefined && job === undefined && answer.code !== undefined && <Unmoved />}
      {inputTokens !== undefined && outputTokens !== undefined && (
        <Text size="sm" c="dimmed">
          {t("tokens", { input: inputTokens, output: outputTokens })}
        </Text>
      )}
      {job !== undefined && (
        <LinkAnchor to="/dashboard/logs" search={{ job }} size="sm">
          {t("receipt")}
        </LinkAnchor>
      )}
    </Group>
  );
}
