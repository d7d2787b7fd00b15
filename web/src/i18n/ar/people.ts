import type { people as english } from '../en/people';
import type { Translated } from '../translate';

export const people: Translated<typeof english> = {
  'people.find': 'ابحث عن أشخاص بالاسم أو البريد الإلكتروني',
  'people.found': 'الأشخاص',
  'people.nobody': 'لم يُعثر على أحد.',
  'people.chosen': 'الأشخاص المختارون',
  'people.remove': 'استبعاد {name}',
  'people.present': 'مشارك بالفعل',
};
