import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';

import { session } from '@/api/session';
import { loadLaterTexts, t, type Key } from '@/i18n';
import { toast } from '@/state/toasts';

declare module 'vue-router' {
  interface RouteMeta {
    /** For people who are not signed in. */
    open?: boolean;
    /** What the document is called on the page. */
    title?: Key;
  }
}

/** A page whose texts come later than those of the chat. */
const withTexts = <Page>(load: () => Promise<Page>) => {
  return async () => {
    const parts = [load(), loadLaterTexts()] as const;
    // Over only when each of them is: whoever loads ahead must not miss that the second has failed, too.
    await Promise.allSettled(parts);
    return (await Promise.all(parts))[0];
  };
};

/** The page that signing out leads to, loaded ahead: one can sign out without a connection, too. */
export const loadSignInPage = withTexts(() => import('@/sign_in/SignInPage.vue'));

// The server answers each of these paths with the app (src/server/web_app.cpp).
const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/chat' },
  {
    path: '/sign-in',
    name: 'sign-in',
    component: loadSignInPage,
    meta: { open: true, title: 'sign_in.title' },
  },
  {
    path: '/register',
    name: 'register',
    component: withTexts(() => import('@/sign_in/RegisterPage.vue')),
    meta: { open: true, title: 'sign_in.register_title' },
  },
  {
    path: '/chat/:conversation(\\d+)?/:message(\\d+)?',
    name: 'chat',
    component: () => import('@/chat/ChatPage.vue'),
  },
  {
    path: '/notifications',
    name: 'notifications',
    component: withTexts(() => import('@/notifications/NotificationsPage.vue')),
    meta: { title: 'shell.notifications' },
  },
  {
    path: '/campaigns/:campaign(\\d+)?',
    name: 'campaigns',
    component: withTexts(() => import('@/campaigns/CampaignsPage.vue')),
    meta: { title: 'shell.campaigns' },
  },
  {
    path: '/money',
    name: 'money',
    component: withTexts(() => import('@/money/MoneyPage.vue')),
    meta: { title: 'shell.money' },
  },
  {
    path: '/money/withdrawals',
    name: 'withdrawals',
    component: withTexts(() => import('@/money/WithdrawalsPage.vue')),
    meta: { title: 'shell.money' },
  },
  {
    path: '/settings/:section?',
    name: 'settings',
    component: withTexts(() => import('@/settings/SettingsPage.vue')),
    meta: { title: 'shell.settings' },
  },
  { path: '/:unknown(.*)', redirect: '/chat' },
];

export const router = createRouter({ history: createWebHistory(), routes });

// A page's code that cannot be loaded: one stays where one is.
router.onError(() => toast(t('app.part_failed'), 'error'));

router.beforeEach((to) => {
  if (to.meta.open) return session.value ? { name: 'chat' } : true;
  if (session.value) return true;
  return { name: 'sign-in', query: to.fullPath === '/chat' ? {} : { next: to.fullPath } };
});
