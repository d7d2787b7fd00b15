import type { notifications as english } from '../en/notifications';
import type { Translated } from '../translate';

export const notifications: Translated<typeof english> = {
  'notifications.heading': 'الإشعارات',
  'notifications.none': 'لا شيء بعد. تظهر هنا الرسائل المباشرة والإشارات إليك.',
  'notifications.loading': 'جارٍ تحميل الإشعارات…',
  'notifications.readAll': 'تعليم الكل كمقروء',
  'notifications.unread': 'غير مقروء',
  'notifications.direct': 'رسالة إليك من {name}',
  'notifications.mention': 'إشارة إليك من {name} في {title}',
  'notifications.somewhere': 'محادثة',
  'notifications.gone': 'لم تعد الرسالة موجودة.',
  'notifications.other': 'إشعار',
  'notifications.offer': 'اعرف بوصول الرسائل الجديدة عندما يكون Parley في الخلفية.',
  'notifications.turnOn': 'تفعيل',
  'notifications.turnedOn': 'إشعارات المتصفح مفعّلة.',
  'notifications.denied': 'لا يسمح المتصفح بإشعارات هذه الصفحة. يمكن تغيير ذلك في إعداداته للصفحة.',
  'notifications.unsupported': 'لا يستطيع هذا المتصفح عرض إشعارات هذه الصفحة.',
};
