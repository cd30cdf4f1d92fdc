/** The screens over the made-up engine: `npm run dev`, then /dev/. Not part of the build. */
import { replaceHost } from "../src/backend";
import { fakeHost } from "./fakeHost";

replaceHost(fakeHost(new URLSearchParams(location.search).has("empty")));
await import("../src/main");
