import { defineAsyncComponent, defineComponent, onMounted, type Component } from 'vue';

import { t } from '@/i18n';
import { toast } from '@/state/toasts';

/** In place of a part that could not be loaded: says so and asks, as that would, to be closed. */
const MissingPart = defineComponent({
  inheritAttrs: false,
  emits: ['close'],
  setup(_props, { emit }) {
    onMounted(() => {
      toast(t('app.part_failed'), 'error');
      emit('close');
    });
    return () => null;
  },
});

/**
 * A dialog, or something else that is opened and closed, whose code is loaded when it is first opened. Without a
 * connection it says that it cannot be had and emits `close`; opened again, it is tried again.
 */
export const lazyPart = <Part extends Component>(loader: () => Promise<{ default: Part }>): Part =>
  defineAsyncComponent({ loader: async () => (await loader()).default, errorComponent: MissingPart }) as Part;
