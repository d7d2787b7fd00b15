import type { shell as english } from '../en/shell';
import type { Translated } from '../translate';

export const shell: Translated<typeof english> = {
  'shell.navigation': 'القائمة الرئيسية',
  'shell.chat': 'المحادثات',
  'shell.notifications': 'الإشعارات',
  'shell.campaigns': 'الحملات',
  'shell.money': 'الأموال',
  'shell.settings': 'الإعدادات',
  'shell.unread': {
    zero: 'لا شيء غير مقروء',
    one: 'عنصر واحد غير مقروء',
    two: 'عنصران غير مقروءين',
    few: '{count} عناصر غير مقروءة',
    many: '{count} عنصرًا غير مقروء',
    other: '{count} عنصر غير مقروء',
  },
  'shell.account': 'حساب {name}',
  'shell.profile': 'الملف الشخصي',
  'shell.sign_out': 'تسجيل الخروج',
  'shell.signing_out': 'جارٍ تسجيل الخروج…',
  'shell.sign_out_anyway': 'تسجيل الخروج رغم ذلك',
  'shell.unsent': 'بعض رسائلك لم تُرسل بعد، وستُفقد إذا سجلت الخروج الآن.',
  'shell.connecting': 'جارٍ الاتصال…',
  'shell.offline': 'أنت غير متصل. ستُرسل الرسائل عند عودة الاتصال.',
  'shell.back': 'عاد الاتصال.',
  'shell.back_with': {
    zero: 'عاد الاتصال، ولا رسائل جديدة.',
    one: 'عاد الاتصال: وصلت رسالة واحدة فاتتك.',
    two: 'عاد الاتصال: وصلت رسالتان فاتتاك.',
    few: 'عاد الاتصال: وصلت {count} رسائل فاتتك.',
    many: 'عاد الاتصال: وصلت {count} رسالة فاتتك.',
    other: 'عاد الاتصال: وصلت {count} رسالة فاتتك.',
  },
  'shell.inGroup': '{name} في {title}',
  'shell.newMessage': 'رسالة جديدة',
};
