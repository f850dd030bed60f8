import { Menu } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { ChoiceButton, type ChoiceProps } from "./Choice";

/** Opens by itself: whoever made it load has asked for it. The focus goes back to its button in the end. */
export default function ChoiceMenu({ name, icon, options, chosen, choose }: ChoiceProps<string>) {
  const button = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    button.current?.focus();
    const next = requestAnimationFrame(() => setOpened(true));
    return () => cancelAnimationFrame(next);
  }, []);
  return (
    <Menu position="bottom-end" opened={opened} onChange={setOpened} returnFocus withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ChoiceButton ref={button} name={name} icon={icon} />
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
