import type { Component } from 'vue';

import type { Key } from '@/i18n';
import type { IconName } from '@/ui/icons';

import AboutSection from './AboutSection.vue';
import AppearanceSection from './AppearanceSection.vue';
import BlockedSection from './BlockedSection.vue';
import DevicesSection from './DevicesSection.vue';
import NotificationsSection from './NotificationsSection.vue';
import ProfileSection from './ProfileSection.vue';

/** A part of the settings, at `/settings/{path}`. */
export interface Section {
  path: string;
  icon: IconName;
  title: Key;
  component: Component;
}

export const sections: readonly Section[] = [
  { path: 'profile', icon: 'person', title: 'settings.profile', component: ProfileSection },
  { path: 'devices', icon: 'device', title: 'settings.devices', component: DevicesSection },
  { path: 'appearance', icon: 'theme', title: 'settings.appearance', component: AppearanceSection },
  { path: 'notifications', icon: 'bell', title: 'settings.notifications', component: NotificationsSection },
  { path: 'blocked', icon: 'block', title: 'settings.blocked', component: BlockedSection },
  { path: 'about', icon: 'info', title: 'settings.about', component: AboutSection },
];
