/** Composition root: the engine's client, what lies on the desk, and the page. */
import { mount } from 'svelte';
import { Desk } from './state/desk.svelte';
import App from './ui/App.svelte';
import { createEngineClient, openWorker } from './worker/client';

const target = document.querySelector('#app');
if (!target) throw new Error('The page has no #app');

/** `?device=wasm` or `?device=webgpu` forces a processor: for support and for tests. */
const wish = new URLSearchParams(location.search).get('device');
const engine = createEngineClient(openWorker, wish === 'wasm' || wish === 'webgpu' ? wish : 'auto');
mount(App, { target, props: { desk: new Desk(engine) } });

window.addEventListener('pagehide', (event) => {
  if (!event.persisted) engine.dispose();
});

/** Set while the page reloads to become isolated, so that a host where that cannot work is not reloaded for ever. */
const RELOADED = 'plainchart-reloaded';

/**
 * Hosts that cannot send the isolation headers get them from the service worker, but only from the next load on: one
 * reload, before anything was typed, gives WASM its threads.
 */
async function installForOffline(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  await navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI));
  await navigator.serviceWorker.ready;
  if (crossOriginIsolated || sessionStorage.getItem(RELOADED) !== null) return;
  if (document.querySelector('textarea')?.value) return;
  sessionStorage.setItem(RELOADED, '1');
  location.reload();
}

installForOffline().catch(() => undefined);
