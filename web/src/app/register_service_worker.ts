// The page's policy lets only these addresses become scripts, and only through this policy.
interface ScriptAddresses {
  createScriptURL(address: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: ScriptAddresses): ScriptAddresses;
}

const address = '/sw.js';

/** Keeps the app itself, not what is said in it, on this device, so that it opens without a connection. */
export function registerServiceWorker(): void {
  // Browsers have it in secure contexts alone; the development server has none.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = () =>
    // Without it the app works all the same, online.
    void navigator.serviceWorker.register(trusted(address), { updateViaCache: 'none' }).catch(() => undefined);
  // After what the page itself needs.
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}

function trusted(script: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return script;
  const policy = trustedTypes.createPolicy('parley', {
    createScriptURL(wanted) {
      if (wanted !== address) throw new TypeError(`Not a script of Parley: ${wanted}`);
      return wanted;
    },
  });
  return policy.createScriptURL(script);
}
