import { ActionIcon, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";

const schemes = {
  auto: { icon: IconDeviceDesktop, label: "Colours of the system", next: "light" },
  light: { icon: IconSun, label: "Light colours", next: "dark" },
  dark: { icon: IconMoon, label: "Dark colours", next: "auto" },
} as const;

export function ColorSchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { icon: Icon, label, next } = schemes[colorScheme];
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size="md"
        aria-label={`${label}; change`}
        onClick={() => setColorScheme(next)}
      >
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
