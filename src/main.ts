/** Composition root: the engine's client, what lies on the desk, and the page. */
import { mount } from 'svelte';
import { Desk } from './state/desk.svelte';
import App from './ui/App.svelte';
import { createEngineClient } from './worker/client';

const target = document.querySelector('#app');
if (!target) throw new Error('The page has no #app');

const engine = createEngineClient();
mount(App, { target, props: { desk: new Desk(engine) } });

window.addEventListener('pagehide', (event) => {
  if (!event.persisted) engine.dispose();
});
