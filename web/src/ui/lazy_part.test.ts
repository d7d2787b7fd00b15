import { createRenderer, defineComponent, h, nextTick, ref, type Component } from 'vue';
import { afterEach, describe, expect, it, vi } from 'vitest';

vi.hoisted(() => Object.assign(globalThis, { addEventListener: () => {}, localStorage: { getItem: () => null } }));

const { toasts } = await import('@/state/toasts');
const { lazyPart } = await import('./lazy_part');

/** A page that is nothing but the names of its elements. */
interface Node {
  name: string;
  parent: Node | null;
  children: Node[];
}
const node = (name: string): Node => ({ name, parent: null, children: [] });
const remove = (child: Node): void => {
  const siblings = child.parent?.children ?? [];
  if (siblings.includes(child)) siblings.splice(siblings.indexOf(child), 1);
};
const { createApp } = createRenderer<Node, Node>({
  createElement: node,
  createText: () => node('text'),
  createComment: () => node('comment'),
  setText: () => {},
  setElementText: () => {},
  patchProp: () => {},
  parentNode: ({ parent }) => parent,
  nextSibling: (child) => child.parent?.children[child.parent.children.indexOf(child) + 1] ?? null,
  insert(child, parent, before) {
    remove(child);
    child.parent = parent;
    parent.children.splice(before ? parent.children.indexOf(before) : parent.children.length, 0, child);
  },
  remove,
});

const Dialog = defineComponent({ emits: ['close'], setup: () => () => h('dialog') });

/** A page that shows `part` while `isOpen`, and closes it when that asks for it. */
function mount(part: Component) {
  const isOpen = ref(false);
  const page = node('page');
  const app = createApp(() => (isOpen.value ? h(part, { onClose: () => (isOpen.value = false) }) : h('p')));
  app.config.errorHandler = () => {};
  app.mount(page);
  return { isOpen, names: () => page.children.map(({ name }) => name) };
}

const settle = async () => {
  for (let turn = 0; turn < 10; ++turn) await nextTick();
};

afterEach(() => void toasts.splice(0));

describe('lazyPart', () => {
  it('is loaded when it is opened', async () => {
    const loader = vi.fn(async () => ({ default: Dialog }));
    const { isOpen, names } = mount(lazyPart(loader));
    await settle();
    expect(loader).not.toHaveBeenCalled();
    isOpen.value = true;
    await settle();
    expect(names()).toContain('dialog');
    expect(toasts).toEqual([]);
  });

  it('says that it cannot be had, is closed, and is tried again when it is opened again', async () => {
    const loader = vi.fn(async () => ({ default: Dialog }));
    loader.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    const { isOpen, names } = mount(lazyPart(loader));
    isOpen.value = true;
    await settle();
    expect(isOpen.value).toBe(false);
    expect(toasts.map(({ kind }) => kind)).toEqual(['error']);
    isOpen.value = true;
    await settle();
    expect(names()).toContain('dialog');
  });
});
