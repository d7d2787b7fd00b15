import type { app as english } from '../en/app';
import type { Translated } from '../translate';

export const app: Translated<typeof english> = {
  'app.name': 'Parley',
  'app.notKnownYet': '…',
  'app.loading': 'جارٍ التحميل…',
  'app.unreachable': 'الخادم لا يستجيب.',
  'app.language': 'اللغة',
  'app.show_password': 'إظهار كلمة المرور',
  'app.unreachable_text': 'تحقق من اتصالك ثم أعد المحاولة.',
  'app.skip': 'تخطَّ إلى المحتوى',
  'action.cancel': 'إلغاء',
  'action.close': 'إغلاق',
  'action.save': 'حفظ',
  'action.retry': 'إعادة المحاولة',
  'action.back': 'رجوع',
  'action.more': 'عرض المزيد',
  'app.language_failed': 'تعذّر تحميل هذه اللغة. تحقق من اتصالك ثم أعد المحاولة.',
  'app.part_failed': 'تعذّر تحميل هذا الجزء من التطبيق. تحقق من اتصالك ثم أعد المحاولة.',
  'app.online': 'متصل',
  'time.yesterday': 'أمس',
  'time.today': 'اليوم',
};
