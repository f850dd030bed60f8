import { Checkbox, Code, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import { operatorsQuery } from "./Operators";
import { useScopeText } from "./scopes/useScopeText";

const ALL = "*";

/** What somebody, or some program, may do. */
export function ScopeFields({ scopes, onChange }: { scopes: string[]; onChange: (scopes: string[]) => void }) {
  const t = useText(messages);
  const nameOf = useScopeText();
  const known = useQuery(operatorsQuery).data?.scopes ?? [];
  return (
    <Checkbox.Group label={t("scopes")} value={scopes} onChange={onChange}>
      <Stack gap="xs" mt="xs">
        <Checkbox value={ALL} label={t("everything")} />
        {known
          .filter((scope) => scope !== ALL)
          .map((scope) => (
            <Checkbox
              key={scope}
              value={scope}
              label={
                <>
                  {nameOf(scope)} <Code>{scope}</Code>
                </>
              }
              disabled={scopes.includes(ALL)}
            />
          ))}
      </Stack>
    </Checkbox.Group>
  );
}
