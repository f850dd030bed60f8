/* Doors: one card in the middle. */

import { Box, Center, Group, Paper, Stack, Text, UnstyledButton } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";
import { useSite } from "../features/site/queries";
import { Preferences } from "./Preferences";

const WIDTH = 420;

export function DoorShell() {
  const site = useSite();
  return (
    <Center mih="100vh" p="md" component="main" id="content">
      <Stack w="100%" maw={WIDTH} gap="lg">
        <Group justify="space-between">
          <UnstyledButton component={Link} to="/">
            <Group gap={8}>
              <img src="/favicon.svg" alt="" width={24} height={24} />
              <Text fw={600}>{site?.name ?? "Farebox"}</Text>
            </Group>
          </UnstyledButton>
          <Preferences />
        </Group>
        <Paper p="xl">
          <Box>
            <Outlet />
          </Box>
        </Paper>
      </Stack>
    </Center>
  );
}
