import { createApp } from 'vue';

import { session } from './api/session';
import App from './app/App.vue';
import StartFailure from './app/StartFailure.vue';
import { registerServiceWorker } from './app/register_service_worker';
import { router } from './app/router';
import { followSession } from './app/signed_in';
import { reloadWhenStale } from './app/stale_build';
import { beginBrowserNotifications } from './state/browser_notifications';
import { applyPreferences } from './state/preferences';
import { loadServerConfig } from './state/server_config';
import './styles/index.css';

async function start(): Promise<void> {
  reloadWhenStale();
  // Does not wait for the answers below. If it fails, so does the router, which says so.
  if (session.value && location.pathname.startsWith('/chat')) void import('./chat/ChatPage.vue').catch(() => undefined);
  await applyPreferences();
  try {
    await loadServerConfig();
  } catch {
    createApp(StartFailure, { retry: () => location.reload() }).mount('#app');
    return;
  }
  followSession();
  beginBrowserNotifications((path) => void router.push(path));
  createApp(App).use(router).mount('#app');
  registerServiceWorker();
}

void start();
