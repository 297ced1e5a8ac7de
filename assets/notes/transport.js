// Requests to the server. A network that hangs counts as none: whatever is asked is asked again later.

export const PATIENCE = 30_000; // milliseconds

export function transport({ csrf, fetching = (...args) => fetch(...args) }) {
  return async function ask(method, path, body) {
    const binary = body instanceof Uint8Array;
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = binary ? "application/octet-stream" : "application/json";
    if (method !== "GET") headers["X-CSRF-Token"] = csrf();
    const answer = await fetching(path, {
      method, headers, body: body === undefined || binary ? body : JSON.stringify(body), credentials: "same-origin", redirect: "manual",
      cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
    });
    // A sign-in page in place of an answer: the session is over.
    const status = answer.type === "opaqueredirect" ? 401 : answer.status;
    const kind = answer.headers.get("content-type") ?? "";
    if (kind.includes("json")) return { status, body: await answer.json() };
    return { status, body: kind.startsWith("image/") ? new Uint8Array(await answer.arrayBuffer()) : null };
  };
}
