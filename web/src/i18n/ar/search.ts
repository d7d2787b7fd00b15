import type { search as english } from '../en/search';
import type { Translated } from '../translate';

export const search: Translated<typeof english> = {
  'search.field': 'ابحث عن أشخاص ورسائل',
  'search.leave': 'إنهاء البحث',
  'search.filters': 'عوامل التصفية',
  'search.where': 'أين',
  'search.everywhere': 'في كل مكان',
  'search.from': 'من',
  'search.anybody': 'من أي شخص',
  'search.withAttachment': 'ذات الملفات فقط',
  'search.people': 'الأشخاص',
  'search.messages': 'الرسائل',
  'search.morePeople': 'مزيد من الأشخاص',
  'search.moreMessages': 'رسائل أقدم',
  'search.in': 'في {title}',
  'search.hint': 'اكتب ما تبحث عنه.',
  'search.searching': 'جارٍ البحث…',
  'search.nothing': 'لا توجد نتائج.',
  'search.failed': 'تعذّر البحث.',
  'search.peopleFound': {
    zero: 'لم يُعثر على أحد.',
    one: 'عُثر على شخص واحد.',
    two: 'عُثر على شخصين.',
    few: 'عُثر على {count} أشخاص.',
    many: 'عُثر على {count} شخصًا.',
    other: 'عُثر على {count} شخص.',
  },
  'search.messagesFound': {
    zero: 'لم يُعثر على رسائل.',
    one: 'عُثر على رسالة واحدة.',
    two: 'عُثر على رسالتين.',
    few: 'عُثر على {count} رسائل.',
    many: 'عُثر على {count} رسالة.',
    other: 'عُثر على {count} رسالة.',
  },
};
