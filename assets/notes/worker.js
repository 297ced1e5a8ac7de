// The service worker: keeps the app's own files, so that it opens without a network, and nothing else.
// It also watches people sign out and in: then every key goes from this device, and what was written here stays sealed.
import { forget } from "./session.js";
import { CACHE } from "./shell.js";
import { openDatabase } from "./store.js";

const SHELL = "/my/notes";
const FILES = __FILES__; // set by the build
const KEPT = CACHE + __BUILD__;
const DOORS = /^\/(?:sign-out|sign-in(?:\/.*)?|demo)$/;

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

async function keep() {
  const cache = await caches.open(KEPT);
  await cache.addAll([SHELL, ...FILES].map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(CACHE) && name !== KEPT).map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && DOORS.test(pathname)) event.respondWith(throughDoor(request));
  else if (request.method === "GET" && (pathname === SHELL || FILES.includes(pathname))) event.respondWith(kept(request, pathname));
});

async function kept(request, pathname) {
  const found = await caches.match(pathname, { cacheName: KEPT }).catch(() => undefined);
  return found ?? fetch(request);
}

async function throughDoor(request) {
  const answer = await fetch(request);
  if (answer.ok || answer.type === "opaqueredirect" || answer.redirected) await lockUp().catch(() => {});
  return answer;
}

async function lockUp() {
  const db = await openDatabase();
  await forget(db);
  db.close();
  const channel = new BroadcastChannel("halfterm-notes");
  channel.postMessage({ locked: true });
  channel.close();
}
