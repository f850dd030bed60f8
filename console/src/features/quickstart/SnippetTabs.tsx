import { Tabs } from "@mantine/core";
import { Snippet } from "../../components/Snippet";
import { useBaseUrl } from "../site/queries";
import { snippets } from "./snippets";

interface SnippetTabsProps {
  secret?: string;
  model?: string;
}

/** The first call, by SDK or tool. */
export function SnippetTabs({ secret = "YOUR_API_KEY", model = "MODEL" }: SnippetTabsProps) {
  const all = snippets({ base: useBaseUrl(), key: secret, model });
  return (
    <Tabs defaultValue={all[0]?.id} keepMounted={false}>
      <Tabs.List mb="sm">
        {all.map(({ id, name }) => (
          <Tabs.Tab key={id} value={id} px="sm">
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {all.map(({ id, name, code }) => (
        <Tabs.Panel key={id} value={id}>
          <Snippet code={code} label={name} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
