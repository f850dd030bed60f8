/* The rules in force, by the names that they have in the policy file. They are read here, and changed there. */

import { Badge, Checkbox, Code, Group, Stack, Table, Text, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { FilterBar } from "../../../components/FilterBar";
import { Loaded } from "../../../components/Loaded";
import { TypedFilter } from "../../../components/TypedFilter";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import { isList, matches, sections, written, type Section } from "./rules";

const route = getRouteApi("/admin/operation/$area");

const policyQuery = queryOptions({
  queryKey: ["admin", "policy"],
  queryFn: ({ signal }) => ask(api.GET("/admin/policy", { signal })),
});

export function Rules() {
  const t = useText(messages);
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const [onlyChanged, setOnlyChanged] = useState(false);
  return (
    <>
      <FilterBar active={q !== undefined} onClear={() => void navigate({ search: {} })}>
        <TypedFilter
          label={t("search")}
          description={t("searchHint")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={q}
          maxLength={100}
          onTyped={(typed) => void navigate({ search: { q: typed }, replace: true })}
          w={300}
        />
        <Checkbox
          label={t("onlyChanged")}
          checked={onlyChanged}
          onChange={(event) => setOnlyChanged(event.currentTarget.checked)}
          mb={8}
        />
      </FilterBar>
      <Loaded query={useQuery(policyQuery)}>
        {({ data }) => (
          <Found sections={sections(data.filter((rule) => matches(rule, q ?? "") && !(onlyChanged && rule.is_default)))} />
        )}
      </Loaded>
    </>
  );
}

function Found({ sections: found }: { sections: Section[] }) {
  const t = useText(messages);
  if (found.length === 0) return <Text c="dimmed">{t("none")}</Text>;
  return (
    <Stack gap="xl">
      {found.map((section) => (
        <OneSection key={section.name} section={section} />
      ))}
    </Stack>
  );
}

function OneSection({ section }: { section: Section }) {
  const t = useText(messages);
  const key = `section_${section.name}`;
  return (
    <section>
      <Group gap="xs" mb="xs">
        <Title order={2}>{isSection(key) ? t(key) : section.name}</Title>
        {section.name !== "" && <Code>[{section.name}]</Code>}
      </Group>
      <Table aria-label={section.name || t("section_")} className="data-table" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="40%">{t("name")}</Table.Th>
            <Table.Th>{t("value")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {section.rules.map((rule) => (
            <Table.Tr key={rule.name}>
              <Table.Td className="as-written">
                <Code>{rule.name}</Code>
              </Table.Td>
              <Table.Td className="as-written">
                <Group gap="xs">
                  <RuleValue value={rule.value} />
                  {!rule.is_default && <Badge>{t("changed")}</Badge>}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function RuleValue({ value }: { value: unknown }) {
  const t = useText(messages);
  if (value === null || value === "" || (isList(value) && value.length === 0)) {
    return <Text c="dimmed">{t("notSet")}</Text>;
  }
  if (!isList(value)) return <span>{written(value)}</span>;
  return (
    <Stack gap={2}>
      {value.map((each, place) => (
        <span key={place}>{written(each)}</span>
      ))}
    </Stack>
  );
}

function isSection(key: string): key is keyof typeof messages {
  return Object.hasOwn(messages, key);
}
