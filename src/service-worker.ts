/// <reference lib="webworker" />
/**
 * Precaches the shell, so that the app opens with no network; models and runtime are kept by inference/artefacts.ts.
 * Adds the headers of cross-origin isolation to what it serves, for hosts that cannot set them (threads need them).
 */
import { cleanupOutdatedCaches, matchPrecache, precache } from 'workbox-precaching';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

precache(self.__WB_MANIFEST);
cleanupOutdatedCaches();

declare const __POLICY__: string;

/** Also the content policy: a worker takes it from its own response, not from the page's meta tag. */
const ISOLATION = {
  'Content-Security-Policy': __POLICY__,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

function isolated(response: Response): Response {
  if (response.status === 0 || response.type === 'opaque') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(status === 204 || status === 304 ? null : response.body, { status, statusText, headers });
}

/** A navigation is always answered by the shell; its query never leaves the device. */
async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const key =
    request.mode === 'navigate' ? new URL('index.html', self.registration.scope).href : url.origin + url.pathname;
  return isolated((await matchPrecache(key)) ?? (await fetch(request)));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(answer(request));
});

/* No skipWaiting: a page that is open keeps the files it was built with until it is closed. */
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});
