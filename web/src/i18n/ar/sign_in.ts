import type { sign_in as english } from '../en/sign_in';
import type { Translated } from '../translate';

export const sign_in: Translated<typeof english> = {
  'sign_in.title': 'تسجيل الدخول',
  'sign_in.submit': 'تسجيل الدخول',
  'sign_in.name': 'الاسم',
  'sign_in.email': 'البريد الإلكتروني',
  'sign_in.password': 'كلمة المرور',
  'sign_in.password_hint': 'لا تقل عن {length} محارف.',
  'sign_in.no_account': 'ليس لديك حساب؟',
  'sign_in.register': 'إنشاء حساب',
  'sign_in.register_title': 'إنشاء حساب',
  'sign_in.register_submit': 'إنشاء الحساب',
  'sign_in.have_account': 'هل لديك حساب بالفعل؟',
  'sign_in.registration_off': 'لا يمكن إنشاء حسابات هنا. اطلب حسابًا ممن يديرون هذا الخادم.',
  'sign_in.registration_invite': 'استخدم البريد الإلكتروني الذي وُجِّهت إليه الدعوة.',
  'sign_in.demo_title': 'هذه نسخة تجريبية',
  'sign_in.demo_text': 'جرّبها باسم أحد هؤلاء الأشخاص. افتح نافذة خاصة لتدخل باسم شخص آخر في الوقت نفسه.',
  'sign_in.continue_as': 'المتابعة باسم {name}',
  'sign_in.ended': 'انتهت جلستك على هذا الجهاز. سجل الدخول مجددًا للمتابعة.',
  'sign_in.not_revoked':
    'تم تسجيل خروجك على هذا الجهاز، لكن تعذّر إبلاغ الخادم. أزل هذا الجهاز من قائمة أجهزتك عندما يعود الاتصال.',
};
