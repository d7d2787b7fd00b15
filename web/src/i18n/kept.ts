/** `make`, which makes what is dear to make and cheap to keep, once for the same arguments. */
export function kept<Parameters extends string[], Made>(
  make: (...parameters: Parameters) => Made,
): (...parameters: Parameters) => Made {
  const made = new Map<string, Made>();
  return (...parameters) => {
    const key = parameters.join('\n');
    let one = made.get(key);
    if (one === undefined) made.set(key, (one = make(...parameters)));
    return one;
  };
}
