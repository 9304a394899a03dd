import { defineConfig } from "vitest/config";

const project = (name: string, timeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout },
});

export default defineConfig({
  test: { projects: [project("unit", 30_000), project("integration", 60_000)] },
});
