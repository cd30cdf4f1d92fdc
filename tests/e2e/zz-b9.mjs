import { openPage } from "./lib/page.mjs";
import { test, runAll } from "./lib/report.mjs";
import { Workspace } from "./lib/workspace.mjs";
const D = { name: "Read and tell", trigger: { on: "files.new_file", with: { folder: "~/Downloads", matching: "*.txt" } },
 steps: [{ id: "read", do: "files.read_text", with: { file: "{{ trigger.path }}" } },
 { id: "move", do: "files.move", with: { file: "{{ trigger.path }}", to: "~/Filed/" } },
 { id: "note", do: "notify.show", with: { title: "{{ steps.read.text }} is read" } },
 { id: "app", do: "files.append_text", with: { file: "~/Filed/log.txt", text: "{{ steps.move.path }}" } }] };
for (const dark of [false, true]) test("look", async (t) => {
  const th = dark ? "dark" : "light";
  const w = new Workspace(t); w.folders("Downloads", "Filed"); w.write("Downloads/a.txt", "hello");
  const id = w.import(D);
  const e = await w.serve();
  const s = await openPage(t, e.web, { dark });
  const shot = (n) => s.page.screenshot({ path: `/tmp/work/b9/${n}-${th}.png` });
  await s.go(`/workflows/${id}`);
  await s.click("step-card-read"); await s.page.waitForTimeout(900);
  await shot("step");
  console.log(await s.page.evaluate(() => [...document.querySelectorAll("[data-testid]")].map(e=>e.dataset.testid).filter(x=>/menu|delete|remove|step/.test(x)).join(" ")));
  await s.click("step-menu"); await s.page.waitForTimeout(200); await shot("menu");
  console.log(await s.page.evaluate(() => [...document.querySelectorAll("[role=menuitem]")].map(e=>e.dataset.testid+":"+e.textContent).join(" | ")));
  await s.page.locator("[role=menuitem]", { hasText: /delete|remove/i }).click(); await s.page.waitForTimeout(1200);
  await shot("deleted");
  await s.click("problems-button"); await s.page.waitForTimeout(300); await shot("problems");
  console.log(await s.text("problems"));
  await s.page.locator(".problem-list button").first().click(); await s.page.waitForTimeout(700); await shot("goto-problem");
  await s.click("undo"); await s.page.waitForTimeout(1000); await shot("undone");
  await s.go("/"); await s.page.waitForTimeout(500);
  // home: switching on with problems
  await s.go(`/workflows/${id}`); await s.sees("step-card-read");
  await s.click("step-card-note"); await s.page.waitForTimeout(700); await shot("note");
  await s.click("try-it"); await s.page.waitForTimeout(1200); await shot("try"); await s.page.keyboard.press("Escape");
});
await runAll();
