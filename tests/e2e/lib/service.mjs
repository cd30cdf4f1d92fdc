/** A small web service on this computer: it notes what it is asked and answers in JSON. */
import { createServer } from "node:http";

/** `answer(request)` gives what is said, or nothing for a plain yes; `status` in it sets the status. */
export async function openService({ atEnd }, answer = () => ({})) {
  const asked = [];
  const server = createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method, url, headers } = incoming;
      const request = { method, url, headers, text: Buffer.concat(chunks).toString("utf8") };
      asked.push(request);
      const { status = 200, ...said } = answer(request) ?? {};
      outgoing.writeHead(status, { "content-type": "application/json" });
      outgoing.end(method === "HEAD" ? undefined : JSON.stringify(said.list ?? said));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${server.address().port}`, asked };
}
