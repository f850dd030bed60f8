import { Menu } from "@mantine/core";
import { ChoiceButton, type ChoiceProps } from "./Choice";

/** Open from the start: whoever made it load has asked for it. */
export default function ChoiceMenu({ name, icon, options, chosen, choose }: ChoiceProps<string>) {
  return (
    <Menu position="bottom-end" defaultOpened returnFocus>
      <Menu.Target>
        <ChoiceButton name={name} icon={icon} />
      </Menu.Target>
      <Menu.Dropdown>
        {options.map(({ value, label, lang }) => (
          <Menu.Item key={value} lang={lang} fw={value === chosen ? 600 : undefined} onClick={() => choose(value)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
