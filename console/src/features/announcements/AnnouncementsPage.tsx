import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconSpeakerphone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Prose } from "../../components/Prose";
import { Time } from "../../components/Time";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import { announcementsQuery, type Announcement } from "./queries";

export function AnnouncementsPage() {
  const t = useText(messages);
  const { language } = useLanguage();
  return (
    <Page title={t("title")}>
      <Loaded query={useQuery(announcementsQuery(language))}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon={IconSpeakerphone} title={t("noneTitle")}>
              {t("none")}
            </EmptyState>
          ) : (
            <Stack>
              {data.map((each) => (
                <One key={each.id} announcement={each} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function One({ announcement }: { announcement: Announcement }) {
  const t = useText(messages);
  const { starts_at: starts, ends_at: ends } = announcement;
  return (
    <Paper component="article">
      <Group justify="space-between" mb="xs">
        <Badge>{t(announcement.kind)}</Badge>
        <Text size="sm" c="dimmed">
          <Time value={announcement.shown_from} as="date" />
        </Text>
      </Group>
      <Title order={2} mb={4}>
        {announcement.title}
      </Title>
      {(starts !== null || ends !== null) && (
        <Text size="sm" c="dimmed" mb="xs">
          {starts !== null && (
            <>
              {t("from")} <Time value={starts} />{" "}
            </>
          )}
          {ends !== null && (
            <>
              {t("until")} <Time value={ends} />
            </>
          )}
        </Text>
      )}
      <Prose text={announcement.body} />
    </Paper>
  );
}
